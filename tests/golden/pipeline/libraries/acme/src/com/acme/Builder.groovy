package com.acme

class Builder implements Serializable {
  private final def script
  String target = 'all'

  Builder(script) { this.script = script }

  def build() {
    script.echo "building ${target}"
    script.sh "true ${target}"
    return new Report(target).line()
  }

  static String version() { '1.2' }
}
