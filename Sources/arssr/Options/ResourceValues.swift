import Files
import KernelInterface

/// `--threads`: a number of workers, or every hardware thread.
enum ThreadCount: OptionValue, Equatable {
  case exactly(Int)
  case allHardwareThreads

  init(optionText text: String) throws(OptionValueError) {
    if text == "all" {
      self = .allHardwareThreads
    } else if let count = NumberText.integer(text), count >= 1 {
      self = .exactly(count)
    } else {
      throw OptionValueError(
        reason: "threads are a whole number, 1 or more, or all (hardware threads)")
    }
  }
}

/// A number of bytes, or a share of the memory that this process may use.
enum MemorySize: OptionValue, Equatable {
  case bytes(Int)
  case share(Double)

  init(optionText text: String) throws(OptionValueError) {
    let reason = "must be bytes with K, M, G or T (powers of 1024), or a percentage, e.g. 4G or 50%"
    guard let last = text.last else { throw OptionValueError(reason: reason) }
    if last == "%" {
      guard let percent = NumberText.real(text.dropLast()), percent > 0, percent <= 100 else {
        throw OptionValueError(reason: reason)
      }
      self = .share(percent / 100)
      return
    }
    guard let bytes = ByteSize.parse(text), bytes > 0 else {
      throw OptionValueError(reason: reason)
    }
    self = .bytes(bytes)
  }

  /// The limit in bytes, given what this process may use.
  func bytes(available: Int) -> Int {
    switch self {
    case .bytes(let bytes): bytes
    case .share(let share): Int(Double(available) * share)
    }
  }
}

/// `--precision`.
extension Precision: WordValue {}

/// `--isa`: the best set that the CPU has, or one by name.
enum InstructionSetChoice: OptionValue, Equatable {
  case automatic
  case named(InstructionSet)

  static let words = ["auto"] + InstructionSet.allCases.reversed().map(\.rawValue)

  init(optionText text: String) throws(OptionValueError) {
    if text == "auto" {
      self = .automatic
    } else if let set = InstructionSet(rawValue: text) {
      self = .named(set)
    } else {
      throw .unknownWord(text, among: Self.words)
    }
  }
}
