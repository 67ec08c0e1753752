pipeline {
  agent any
  stages {
    stage('p') {
      failFast true
      parallel {
        stage('a') {
          steps {
            echo('a')
          }
        }
        stage('b') {
          stages {
            stage('c') {
              steps {
                echo('c')
              }
            }
          }
        }
      }
    }
    stage('old') {
      steps {
        parallel(
          'x': {
            echo('x')
          },
          'y z': {
            echo('y')
          },
          failFast: true
        )
      }
    }
  }
}
