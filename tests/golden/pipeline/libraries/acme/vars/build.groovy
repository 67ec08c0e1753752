def call(Closure body) {
  stage('From the library') {
    node('linux') {
      body()
      sh 'true'
    }
  }
}
