def call() {
  greet('from another variable')
  greet.loudly(text: 'nested')
}
