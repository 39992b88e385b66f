import Files
import FusedInference
import Profiling
import Workers

/// What `bench --scaling` prints, for the eye or as `arssr.scaling/1`.
struct ScalingReport {
  let subject: BenchSubject
  /// How a number of workers share the steps.
  let sharing: (_ workers: Int) -> [StepSchedule]
  /// Numbers of cores to predict.
  let cores: [Int]
  let model: ScalingModel
  /// Bytes per second that all cores here move together.
  let memory: Double
  let peaks: MachinePeaks
  /// With the threads that there are: how many, and seconds of the stages.
  let measured: (threads: Int, seconds: [(stage: StepRecord.Stage, seconds: Double)])

  private func predicted(
    _ stage: StepRecord.Stage, _ cores: Int, limited: Bool = false
  ) -> ScalingModel.Prediction {
    model.predict(
      stage, cores: cores, schedule: sharing(cores), memory: limited ? memory : nil)
  }

  // MARK: - For the eye

  var text: String {
    var rows = [
      ["", "cores", "time", "speed-up", "items", "memory", "calls", "this memory"],
      ["", "", "", "", "%", "%", "%", "speed-up"],
    ]
    for stage in measured.seconds.map(\.stage) {
      let one = predicted(stage, 1).seconds
      for count in cores {
        let prediction = predicted(stage, count)
        func percent(_ seconds: Double) -> String {
          NumberText.fixed(100 * seconds / prediction.seconds, decimals: 0)
        }
        rows.append([
          stage.rawValue, "\(count)", BenchTable.time(prediction.seconds),
          NumberText.fixed(one / prediction.seconds, decimals: 1), percent(prediction.items),
          percent(prediction.memory), percent(prediction.calls),
          NumberText.fixed(one / predicted(stage, count, limited: true).seconds, decimals: 1),
        ])
      }
    }
    return Columns.text([("model", subject.description), ("input", inputText)]) + "\n\n"
      + TextTable.aligned(rows) + "\n\n" + (notes + checks).joined(separator: "\n")
  }

  private var inputText: String {
    "\(SizeText.text(subject.size)) -> \(SizeText.text(subject.targetSize))"
  }

  private var notes: [String] {
    let rate = NumberText.short(memory * 1e-9, significant: 3)
    return [
      "predicted from the steps with 1 core; items, memory, calls: share of the time that is lost "
        + "to too few items per call, to memory, and to beginning and ending calls",
      "this memory: if the memory did not get faster than the \(rate) GB/s of "
        + "\(counted(peaks.workers, "core")) here; caches that cores share are not in the model",
    ]
  }

  private var checks: [String] {
    guard measured.threads > 1 else { return ["measured with 1 thread only: nothing to check"] }
    return measured.seconds.map { stage, seconds in
      let prediction = predicted(stage, measured.threads)
      let ratio = NumberText.fixed(seconds / prediction.seconds, decimals: 2)
      return "\(stage.rawValue) with \(measured.threads) threads: predicted "
        + "\(BenchTable.time(prediction.seconds)), measured \(BenchTable.time(seconds)) "
        + "(\(ratio) times)"
    }
  }

  // MARK: - For programs

  var json: JSON {
    .object([
      ("schema", .string("arssr.scaling/1")), ("version", .string(Arssr.version)),
      ("cpu", .string(ProcessorName.text)), ("model", .string(subject.name)),
      ("size", .integers(subject.size)), ("targetSize", .integers(subject.targetSize)),
      ("threads", .integer(measured.threads)),
      (
        "stages",
        .array(
          measured.seconds.map { stage, seconds in
            .object([
              ("stage", .string(stage.rawValue)), ("measuredSeconds", .number(seconds)),
              ("predictedSeconds", .number(predicted(stage, measured.threads).seconds)),
              ("predictions", .array(cores.map { prediction(stage, cores: $0) })),
            ])
          })
      ),
    ])
  }

  private func prediction(_ stage: StepRecord.Stage, cores: Int) -> JSON {
    let prediction = predicted(stage, cores)
    return .object([
      ("cores", .integer(cores)), ("seconds", .number(prediction.seconds)),
      ("ideal", .number(prediction.ideal)), ("items", .number(prediction.items)),
      ("memory", .number(prediction.memory)), ("calls", .number(prediction.calls)),
      ("secondsWithThisMemory", .number(predicted(stage, cores, limited: true).seconds)),
    ])
  }
}
