pipeline {
  libraries {
    lib('shared@1')
  }
  agent { label 'x' }
  options {
    buildDiscarder(logRotator(numToKeepStr: '10'))
    timeout(time: 1, unit: 'HOURS')
    timestamps()
  }
  triggers {
    cron('H 4 * * *')
  }
  parameters {
    string(name: 'A', defaultValue: 'x')
    choice(name: 'B', choices: ['a', 'b'])
  }
  tools {
    maven 'm'
  }
  stages {
    stage('a') {
      options {
        retry(2)
      }
      input {
        message 'go?'
        ok 'Yes'
        parameters {
          booleanParam(name: 'C', defaultValue: true)
        }
      }
      steps {
        echo('x')
      }
      post {
        always {
          echo('y')
        }
        failure {
          echo('z')
        }
      }
    }
  }
  post {
    cleanup {
      deleteDir()
    }
  }
}
