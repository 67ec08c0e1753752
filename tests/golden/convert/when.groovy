pipeline {
  agent any
  stages {
    stage('a') {
      when {
        beforeAgent true
        allOf {
          branch('main')
          not {
            branch(pattern: 'x', comparator: 'GLOB')
          }
          expression {
            return params.A == 'b'
          }
          environment(name: 'A', value: 'b')
          anyOf {
            tag()
            buildingTag()
          }
        }
      }
      steps {
        echo('x')
      }
    }
  }
}
