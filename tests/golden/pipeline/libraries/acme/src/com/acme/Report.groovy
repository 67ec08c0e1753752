package com.acme

class Report {
  String of
  Report(String of) { this.of = of }
  String line() { "report of ${of}" }
}
