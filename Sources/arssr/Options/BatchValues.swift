import Checkpoints

/// `--suffix`: what results have behind the names of their inputs.
struct NameSuffix: OptionValue, Equatable {
  static let standard = "_sr"

  var text: String

  init(optionText text: String) throws(OptionValueError) {
    guard !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
      throw OptionValueError(reason: "a part of a file's name has no slash")
    }
    self.text = text
  }
}

/// `--shard`: one of several parts of a set of volumes.
struct Shard: OptionValue, Equatable {
  /// Parts of a set, at most.
  private static let most = 1_000_000

  /// From 1.
  let part: Int
  let count: Int

  init(optionText text: String) throws(OptionValueError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let part = NumberText.integer(parts[0]),
      let count = NumberText.integer(parts[1]), (1...Self.most).contains(count),
      (1...count).contains(part)
    else { throw OptionValueError(reason: "must be k/n with k from 1 to n, e.g. 2/8") }
    (self.part, self.count) = (part, count)
  }

  /// The part of this task of a Slurm array; nil outside of one.
  ///
  /// - Throws: If the numbers of the array's tasks do not follow each other, so that there is no part to
  ///   tell.
  static func ofSlurmTask() throws(Failure) -> Shard? {
    func number(_ name: String) -> Int? {
      Environment.value("SLURM_ARRAY_TASK_\(name)").flatMap { NumberText.integer($0) }
    }
    guard let text = Environment.value("SLURM_ARRAY_TASK_ID") else { return nil }
    let step = max(1, number("STEP") ?? 1)
    if let task = number("ID"), let count = number("COUNT"), let first = number("MIN"),
      (task - first) % step == 0,
      let shard = try? Shard(
        optionText: "\((task - first) / step + 1)/\(count)"),
      number("MAX").map({ $0 == first + (count - 1) * step }) ?? true
    {
      return shard
    }
    throw Failure(
      .environmentValue(
        variable: "SLURM_ARRAY_TASK_ID", value: text,
        reason:
          "the numbers of this array do not follow each other, so its tasks have no parts; say "
          + "--shard k/n"))
  }

  /// The volumes of this part.
  ///
  /// The largest volumes are given out first, each to the part that has least so far, so that every
  /// process that sees the same volumes comes to the same parts.
  ///
  /// - Parameter voxels: Of each volume.
  /// - Returns: Positions in `voxels`, in order.
  func volumes(of voxels: [Int]) -> [Int] {
    let ordered = voxels.indices.sorted { (voxels[$1], $0) < (voxels[$0], $1) }
    var loads = [(voxels: Int, volumes: Int)](repeating: (0, 0), count: count)
    var own: [Int] = []
    for volume in ordered {
      // By volumes where voxels are equal: those without any are spread as well.
      let least = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      loads[least].voxels += voxels[volume]
      loads[least].volumes += 1
      if least == part - 1 { own.append(volume) }
    }
    return own.sorted()
  }
}
