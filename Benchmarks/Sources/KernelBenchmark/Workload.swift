/// Something to measure: one run does `operations` floating-point operations (1 FMA = 2).
struct Workload {
  var name: String
  var operations: Int
  var run: () -> Void
}
