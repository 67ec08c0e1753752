def call(String who = 'world') {
  echo "hello, ${who}"
}

def loudly(Map args) {
  echo args.text.toUpperCase()
  return args.text.size()
}
