def call(Map config) {
  pipeline {
    agnt any
    stages {
      stage('A') {
        stps { echo 'x' }
      }
    }
  }
}
