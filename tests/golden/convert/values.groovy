pipeline {
  agent any
  environment {
    A = 'it\'s "quoted" \\ and $plain'
    B = "${A}/x"
    C = credentials('token')
    D = 5
    E = sh(script: 'date', returnStdout: true)
    F = "a" + 'b'
  }
  stages {
    stage('a') {
      steps {
        echo("x ${1 + 1}")
        echo(A)
        echo('two' + 'parts')
        sh(script: 'make', returnStatus: true)
        sh('''
          several
          lines
        ''')
        sh('\t')
        deleteDir()
        timeout(5) {
          dir('x') {
            withEnv(overrides: ['A=b', "C=${D}"]) {
              sh('x')
            }
          }
        }
        junit(testResults: '*.xml', allowEmptyResults: true)
        script {
          if (x) {
            echo 'y'
          }
        }
      }
    }
  }
}
