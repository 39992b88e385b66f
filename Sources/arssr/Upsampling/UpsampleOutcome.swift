import Files
import FusedInference
import KernelInterface
import Profiling
import Volumes
import Workers

/// What a run took and made.
struct UpsampleOutcome {
  /// Seconds per stage.
  struct Stages {
    var read = 0.0
    var encode = 0.0
    var decode = 0.0
    var write = 0.0
    var total = 0.0
  }

  var seconds = Stages()
  /// The intensity map of each frame.
  var intensities: [IntensityMap] = []
  /// The background that was kept of each frame, if any.
  var backgrounds: [Background?] = []
  /// Per dense layer of the decoder, how many of its inputs were used.
  var decoderUnits: [UnitCount] = []
  /// Multiply-accumulates that were computed, counted as their definition has them.
  var operations = (encode: 0, decode: 0)

  /// Values that the voxel type could not hold.
  var saturatedCount = 0
  /// Whether the skull was removed, judged by the first frame; for BIDS datasets that do not say.
  var skullStripped = false
  /// SHA-256 of the file of the expected errors; nil where there is none.
  var uncertaintyDigest: String?
  /// Per frame, where results are measured again.
  var consistency: [ConsistencyOutcome] = []

  /// Adds the times and counts of one frame: of the runs that made it.
  mutating func add(_ runs: [Upsampler.Timings]) {
    for timings in runs { addTimes(timings) }
    backgrounds.append(runs.last?.background)
  }

  private mutating func addTimes(_ timings: Upsampler.Timings) {
    seconds.encode += timings.encode
    seconds.decode += timings.decode
    seconds.write += timings.sink
    operations.encode = OperationCount.sum(operations.encode, timings.encoderOperations)
    operations.decode = OperationCount.sum(operations.decode, timings.decoderOperations)
    if decoderUnits.isEmpty { decoderUnits = timings.decoderUnits.map { _ in UnitCount() } }
    for (layer, count) in timings.decoderUnits.enumerated() { decoderUnits[layer] += count }
  }
}

extension Console {
  /// The last lines of a run: what it made, and with `-v` where the time went.
  func report(_ outcome: UpsampleOutcome, of prepared: PreparedUpsampling) {
    let request = prepared.request
    let times = outcome.seconds
    let peak = MemoryLimit.peakResidentBytes()
    finish(
      input: request.input,
      line: "done in \(NumberText.fixed(times.total, decimals: 1)) s, peak "
        + "\(ByteSize.text(peak)): \(Escaping.path(request.output))",
      values: [
        ("output", .string(request.output)),
        ("seconds", .number((times.total * 1000).rounded() / 1000)),
        ("peakBytes", .integer(peak)),
      ])
    let parts = [
      ("read", times.read), ("encode", times.encode), ("decode", times.decode),
      ("write", times.write),
    ]
    info(
      "time: "
        + parts.map { "\($0.0) \(NumberText.fixed($0.1, decimals: 2)) s" }
        .joined(separator: ", ") + "; peak memory \(ByteSize.text(peak)); "
        + "instruction set \(prepared.machine.instructionSet)")
    guard isDebugging, prepared.engine.model != nil else { return }
    let shares = outcome.decoderUnits.filter { $0.all > 0 }.map {
      "\(NumberText.fixed(100 * Double($0.used) / Double($0.all), decimals: 0)) %"
    }
    if !shares.isEmpty {
      debug("decoder: inputs used, layer by layer: \(shares.joined(separator: ", "))")
    }
    let measured = PeakMeasurement.operationsPerSecond(
      kernels: prepared.machine.kernels, pool: prepared.machine.pool,
      workers: prepared.machine.pool.workerCount, duration: 0.2
    ).maximum
    let operations = outcome.operations
    for (stage, count, seconds) in [
      ("encoder", operations.encode, times.encode), ("decoder", operations.decode, times.decode),
    ] where seconds > 0 {
      let rate = 2 * Double(count) / seconds
      debug(
        "\(stage): \(NumberText.fixed(rate / 1e9, decimals: 1)) GFLOP/s, "
          + "\(NumberText.fixed(100 * rate / measured, decimals: 0)) % of the measured peak "
          + "(\(NumberText.fixed(measured / 1e9, decimals: 1)) GFLOP/s)")
    }
  }
}
