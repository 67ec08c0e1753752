pipeline {
  agent none
  stages {
    stage('0') {
      agent any
      steps {
        echo('x')
      }
    }
    stage('1') {
      agent { label 'x' }
      steps {
        echo('x')
      }
    }
    stage('2') {
      agent {
        node {
          label ''
          customWorkspace 'z'
        }
      }
      steps {
        echo('x')
      }
    }
    stage('3') {
      agent { docker 'debian' }
      steps {
        echo('x')
      }
    }
    stage('4') {
      agent {
        docker {
          image "a:${V}"
          reuseNode true
        }
      }
      steps {
        echo('x')
      }
    }
    stage('5') {
      agent { dockerfile true }
      steps {
        echo('x')
      }
    }
    stage('6') {
      agent {
        kubernetes {
          yaml '''a
b'''
          containerTemplate {
            name 'n'
            image 'i'
          }
        }
      }
      steps {
        echo('x')
      }
    }
  }
}
