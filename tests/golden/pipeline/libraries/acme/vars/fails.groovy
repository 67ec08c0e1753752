def call() {
  def nothing = null
  nothing.size()
}

def saying(text) {
  error text
}
