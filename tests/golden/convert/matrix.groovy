pipeline {
  agent any
  stages {
    stage('m') {
      failFast true
      matrix {
        axes {
          axis {
            name 'OS'
            values 'linux', 'mac', 'bsd'
          }
          axis {
            name 'ARCH'
            values 'x86', 'arm'
          }
        }
        excludes {
          exclude {
            axis {
              name 'OS'
              notValues 'linux'
            }
            axis {
              name 'ARCH'
              values 'arm'
            }
          }
        }
        agent { label "${OS}" }
        when {
          not {
            environment(name: 'OS', value: 'bsd')
          }
        }
        stages {
          stage('build') {
            steps {
              sh('make')
            }
          }
          stage('only arm') {
            when {
              environment(name: 'ARCH', value: 'arm')
            }
            steps {
              sh('make arm')
            }
          }
        }
        post {
          always {
            echo('x')
          }
        }
      }
    }
  }
}
