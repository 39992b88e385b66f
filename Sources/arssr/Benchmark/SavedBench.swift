import Checkpoints
import Files
import Profiling

/// Results that `bench --save` wrote before.
struct SavedBench {
  private static let schema = "arssr.bench/1"
  /// A sweep over all workloads with ten thousand samples each stays far below.
  private static let limits = StrictJSON.Limits(bytes: 64 << 20, depth: 16, values: 4_000_000)

  /// Seconds of every result by its name.
  private let seconds: [String: Samples]

  /// Reads a file.
  ///
  /// - Throws: If it cannot be read, or is not what `--save` writes.
  init(path: String) throws(Failure) {
    let bytes = try Failure.of(.settings) { () throws(FileError) in
      try InputFile(path: path).read(at: 0, count: Self.limits.bytes + 1)
    }
    let parsed: JSONValue
    do throws(JSONFault) {
      parsed = try StrictJSON.parse(bytes, limits: Self.limits)
    } catch {
      throw Failure(JSONError(subject: path, cause: error), about: .settings)
    }
    guard case .object(let root) = parsed, case .string(Self.schema)? = root["schema"] else {
      throw Failure(.notSavedResults(path: path, reason: "its schema is not \(Self.schema)"))
    }
    guard case .array(let results)? = root["results"] else {
      throw Failure(.notSavedResults(path: path, reason: "it has no results"))
    }
    var seconds: [String: Samples] = [:]
    for result in results {
      guard let (name, samples) = Self.entry(result) else {
        throw Failure(
          .notSavedResults(path: path, reason: "a result has no name or no samples above 0"))
      }
      seconds[name] = samples
    }
    self.seconds = seconds
  }

  private static func entry(_ value: JSONValue) -> (name: String, samples: Samples)? {
    guard case .object(let object) = value, case .string(let name)? = object["name"],
      case .object(let seconds)? = object["seconds"], case .array(let values)? = seconds["samples"]
    else { return nil }
    let samples = values.compactMap { value -> Double? in
      guard case .number(let number) = value, let seconds = number.double, seconds > 0 else {
        return nil
      }
      return seconds
    }
    return samples.isEmpty || samples.count < values.count ? nil : (name, Samples(samples))
  }

  /// The seconds of a result, if it was measured then.
  subscript(name: String) -> Samples? { seconds[name] }
}

extension BenchOutcome {
  /// Sets every result against the one of the same name.
  mutating func compare(with before: SavedBench) {
    for run in runs.indices {
      for index in runs[run].results.indices {
        let result = runs[run].results[index]
        guard let then = before[result.name] else { continue }
        runs[run].results[index].comparison = Comparison(
          now: result.measured.seconds, before: then)
      }
    }
  }
}
