import Files
import Reports
import Training

/// Losses and scores of a training: as JSON lines, tables, curves, and for TensorBoard.
///
/// A line that does not fit the disk any more is no reason to stop.
final class TrainLog {
  private let lines: AppendingFile
  private let losses: AppendingFile
  private let scores: AppendingFile
  private let events: EventFile
  private let curvesPath: String
  private var curves: TrainCurves

  /// Opens the files of a training that has done some steps; what was logged after them is dropped.
  ///
  /// - Parameters:
  ///   - folder: Where they are.
  ///   - steps: Done so far.
  ///   - hasBase: Whether the network adds to cubic interpolation.
  /// - Throws: If a file cannot be read, or not be written.
  init(_ folder: TrainFolder, steps: Int, hasBase: Bool) throws(Failure) {
    let heads = [
      (folder.log, ""),
      (folder.losses, "step,loss,loss_of_base,learning_rate,samples_per_second,seconds\n"),
      (folder.scores, "step,scale_i,scale_j,scale_k,operator,psnr,psnr_cubic,gain\n"),
    ]
    var texts: [String] = []
    for (path, head) in heads {
      let kept = try Self.kept(path, steps: steps)
      texts.append(kept.isEmpty ? head : kept)
      try TrainFolder.write(texts[texts.count - 1], to: path)
    }
    curvesPath = folder.curves
    curves = TrainCurves(losses: texts[1], scores: texts[2], hasBase: hasBase)
    events = try Failure.of { () throws(ReportError) in
      try EventFile(folder: folder.events, step: steps)
    }
    (lines, losses, scores) = try Failure.of { () throws(FileError) in
      (
        try AppendingFile(path: folder.log), try AppendingFile(path: folder.losses),
        try AppendingFile(path: folder.scores)
      )
    }
  }

  /// Mean loss of the last steps, that of the base alone, rate, speed and time of this run.
  func loss(
    step: Int, mean: Double, ofBase: Double?, rate: Double, samplesPerSecond: Double,
    seconds: Double
  ) {
    let (speed, time) = ((samplesPerSecond * 10).rounded() / 10, RunReport.seconds(seconds))
    lines.append(
      JSON.object([
        ("step", .integer(step)), ("loss", .number(mean)),
        ("lossOfBase", ofBase.map(JSON.number) ?? .null), ("learningRate", .number(rate)),
        ("samplesPerSecond", .number(speed)), ("seconds", time),
      ]).line + "\n")
    let base = ofBase.map(NumberText.text) ?? ""
    losses.append(
      "\(step),\(NumberText.text(mean)),\(base),\(NumberText.text(rate)),"
        + "\(NumberText.text(speed)),\(time.line)\n")
    curves.addLoss(step: Double(step), mean: mean, ofBase: ofBase)
    var scalars: [EventFile.Scalar] = [
      ("loss", mean), ("learning rate", rate), ("samples per second", speed),
    ]
    if let ofBase { scalars.append(("loss of cubic", ofBase)) }
    events.add(step: step, scalars)
  }

  /// The scores of a validation.
  func validation(step: Int, _ score: ValidationScore, isBest: Bool) {
    lines.append(
      JSON.object([
        ("step", .integer(step)), ("validation", Self.json(score)), ("best", .boolean(isBest)),
      ]).line + "\n")
    for group in score.groups {
      let figures = (0..<3).map { NumberText.text(group.scale[$0]) }.joined(separator: ",")
      let values = [group.psnr, group.cubic, group.gain].map { NumberText.fixed($0, decimals: 4) }
      scores.append(
        "\(step),\(figures),\(group.source.name),\(values.joined(separator: ","))\n")
    }
    let tag = "gain over cubic, dB"
    var gains: [EventFile.Scalar] = [("\(tag)/mean", score.gain)]
    for group in score.groups {
      gains.append(("\(tag)/\(TrainCurves.name(group.source.name, group.scale))", group.gain))
    }
    events.add(step: step, gains)
    curves.add(step: step, score)
    curves.write(to: curvesPath)
  }

  /// PSNR and gain over cubic interpolation in dB, means and each.
  static func json(_ score: ValidationScore) -> JSON {
    func decibels(_ value: Double) -> JSON { .number((value * 1e4).rounded() / 1e4) }
    return .object([
      ("psnr", decibels(score.psnr)), ("gain", decibels(score.gain)),
      (
        "groups",
        .array(
          score.groups.map { group in
            .object([
              ("scale", .numbers(group.scale)), ("operator", .string(group.source.name)),
              ("psnr", decibels(group.psnr)), ("cubic", decibels(group.cubic)),
              ("gain", decibels(group.gain)),
            ])
          })
      ),
    ])
  }

  /// The lines of a log up to a step: the first number of each.
  private static func kept(_ path: String, steps: Int) throws(Failure) -> String {
    guard steps > 0, FileIdentity(path: path) != nil else { return "" }
    let bytes = try Failure.of { () throws(FileError) in
      let file = try InputFile(path: path)
      return try file.read(at: 0, count: file.size)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split(separator: "\n").filter { line in
      let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
      // The head of a table has no number.
      return Int(digits).map { $0 <= steps } ?? true
    }.map { $0 + "\n" }.joined()
  }
}
