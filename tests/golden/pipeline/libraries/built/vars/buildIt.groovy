def call(Map config) {
  def times = config.times ?: 1
  pipeline {
    agent { label config.label ?: 'linux' }
    options { timeout(time: times + 5, unit: 'MINUTES') }
    environment { WHO = "${config.name}" }
    parameters {
      string(name: 'LEVEL', defaultValue: 'low')
      password(name: 'TOKEN', defaultValue: 'hunter22')
    }
    stages {
      stage('Say') {
        when { expression { config.say != false } }
        steps {
          echo "${config.name} ${params.LEVEL} ${times} $WHO ${params.TOKEN}"
          sh 'echo "$WHO $LEVEL"'
          script {
            times += 1
            config.after?.call(times)
          }
          helper(config.name)
        }
      }
      stage('Broken') {
        when { expression { config.broken } }
        steps { error "broken: ${config.name}" }
      }
    }
    post {
      always { echo "done ${config.name} ${times}" }
      failure { echo 'failed' }
    }
  }
}
def helper(name) { echo "helped ${name}" }
