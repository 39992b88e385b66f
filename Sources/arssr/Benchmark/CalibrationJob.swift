import FusedInference
import KernelInterface
import Profiling
import Workers

/// `bench --calibrate`: the costs by which 3x3x3 layers get their algorithm, for the source code.
struct CalibrationJob {
  let request: BenchRequest
  let session: Session

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    let monitor = UpsampleMonitor()
    var measured: [(set: String, calibration: ConvolutionCalibration)] = []
    try Signals.whileRunning(cancel: monitor.cancel) { () throws(Failure) in
      for setting in BenchSetting.all(request, mostThreads: 1) {
        let machine = try Machine(setting.computing, console: session.console)
        // The plain loops define the truth and have no costs.
        guard machine.kernels.instructionSet != .generic else { continue }
        do {
          let calibration = try ConvolutionCalibration(
            kernels: machine.kernels, pool: machine.pool,
            repetition: Repetition(
              samples: request.repetitions, leastSeconds: request.leastSeconds),
            monitor: monitor
          ) { session.console.progress.update(stage: "calibrate", done: $0) }
          measured.append((machine.instructionSet, calibration))
        } catch {
          throw Failure(caught: error)
        }
      }
    }
    session.console.progress.clear()
    try StandardStreams.printResult(
      session.format == .json
        ? Self.json(measured).document
        : measured.map { Self.text($0.set, $0.calibration) }.joined(separator: "\n\n"))
    return .ok
  }

  private static func text(_ set: String, _ calibration: ConvolutionCalibration) -> String {
    let peak = BenchTable.giga(calibration.peak)
    var rows = [["\(set), peak \(peak) GFLOP/s on 1 core", "direct", "Winograd", "bfloat16"]]
    rows += calibration.layers.map { layer in
      [
        "3x3x3 \(layer.channels)->\(layer.channels), multiply-adds at the peak per voxel",
        NumberText.fixed(layer.direct, decimals: 0), NumberText.fixed(layer.winograd, decimals: 0),
        NumberText.fixed(layer.winogradPairs, decimals: 0),
      ]
    }
    let costs = [("float32", calibration.winograd), ("bfloat16", calibration.winogradPairs)].map {
      let product = NumberText.fixed($1.productShare, decimals: 2)
      let transform = NumberText.fixed($1.transform, decimals: 0)
      return "case (.\(set), .\($0)): Costs(productShare: \(product), transform: \(transform))\n"
    }
    return TextTable.aligned(rows) + "\n" + costs.joined()
      + "directShare = \(NumberText.fixed(calibration.directShare, decimals: 2))"
  }

  private static func json(
    _ measured: [(set: String, calibration: ConvolutionCalibration)]
  ) -> JSON {
    .object([
      ("schema", .string("arssr.calibration/1")), ("version", .string(Arssr.version)),
      ("cpu", .string(ProcessorName.text)),
      (
        "sets",
        .array(
          measured.map { set, calibration in
            .object([
              ("isa", .string(set)), ("peakGflops", .number(calibration.peak * 1e-9)),
              (
                "layers",
                .array(
                  calibration.layers.map { layer in
                    .object([
                      ("channels", .integer(layer.channels)), ("direct", .number(layer.direct)),
                      ("winograd", .number(layer.winograd)),
                      ("winogradPairs", .number(layer.winogradPairs)),
                    ])
                  })
              ), ("directShare", .number(calibration.directShare)),
              ("productShare", .number(calibration.winograd.productShare)),
              ("transform", .number(calibration.winograd.transform)),
              ("pairProductShare", .number(calibration.winogradPairs.productShare)),
              ("pairTransform", .number(calibration.winogradPairs.transform)),
            ])
          })
      ),
    ])
  }
}
