def call() {
  echo 'x'
  if (
}
