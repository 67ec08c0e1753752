pipeline {
  agent {
    machine {
      box 'cupel/tiny'
      cpus 2
      memory '2GiB'
      provision {
        packages('a', 'b')
        file('x', to: '/y')
        shell("echo ${V}", environment: [A: 'b'])
      }
    }
  }
  stages {
    stage('0') {
      agent { machine 'cupel/debian-12' }
      steps {
        echo('x')
      }
    }
  }
}
