/// The limits of the control groups (version 1 and 2) that this process is in.
///
/// A group's limit binds together with those of all groups above it, so every level up to the mount
/// point is read. Containers see only their own part of the tree: `mountinfo` tells which part is
/// mounted where, and `cgroup` where in it the process is.
struct ControlGroups {
  /// Prefix of all paths; empty on the real system, a made folder in tests.
  private let root: String

  init(root: String = "") { self.root = root }

  /// CPUs' worth of time granted, or nil without a quota.
  func cpuQuota() -> Double? {
    let unified = folders(of: .unified).compactMap { folder -> Double? in
      guard let words = words(folder + "/cpu.max"), words.count == 2 else { return nil }
      return ratio(words[0], words[1])
    }
    let legacy = folders(of: .legacy("cpu")).compactMap { folder -> Double? in
      guard let quota = words(folder + "/cpu.cfs_quota_us")?.first,
        let period = words(folder + "/cpu.cfs_period_us")?.first
      else { return nil }
      return ratio(quota, period)
    }
    return (unified + legacy).min()
  }

  /// Bytes that may still be used before a memory limit strikes, or nil without a limit.
  ///
  /// Page cache that the kernel can drop (`inactive_file`) does not count as used.
  func memoryLeft() -> Int? {
    let unified = folders(of: .unified).compactMap { folder in
      left(folder, limit: "memory.max", usage: "memory.current", cache: "inactive_file")
    }
    let legacy = folders(of: .legacy("memory")).compactMap { folder in
      left(
        folder, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
        cache: "total_inactive_file")
    }
    return (unified + legacy).min()
  }

  private enum Hierarchy: Equatable {
    case unified
    case legacy(String)
  }

  private func left(_ folder: String, limit: String, usage: String, cache: String) -> Int? {
    // Version 1 says "no limit" by a number near 2^63.
    guard let limit = words(folder + "/" + limit)?.first.flatMap({ Int($0) }), limit < 1 << 60,
      let usage = words(folder + "/" + usage)?.first.flatMap({ Int($0) })
    else { return nil }
    let statistics = SystemText.read(root + folder + "/memory.stat") ?? ""
    let reclaimable = SystemText.number(cache, in: statistics) ?? 0
    return max(0, limit - max(0, usage - reclaimable))
  }

  /// The folders of this process's group and all groups above it, innermost first.
  private func folders(of hierarchy: Hierarchy) -> [String] {
    guard let group = groupPath(hierarchy), let mount = mountPoint(hierarchy) else { return [] }
    var relative = group.hasPrefix(mount.root) ? String(group.dropFirst(mount.root.count)) : ""
    while relative.hasSuffix("/") { relative.removeLast() }
    if !relative.isEmpty && !relative.hasPrefix("/") { relative = "/" + relative }
    var folders = [mount.point + relative]
    while let slash = relative.lastIndex(of: "/") {
      relative = String(relative[..<slash])
      folders.append(mount.point + relative)
    }
    return folders
  }

  /// The path in lines `hierarchy:controllers:path` of /proc/self/cgroup.
  private func groupPath(_ hierarchy: Hierarchy) -> String? {
    for line in (SystemText.read(root + "/proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let matches: Bool
      switch hierarchy {
      case .unified: matches = parts[0] == "0" && parts[1].isEmpty
      case .legacy(let controller):
        matches = parts[1].split(separator: ",").contains { $0 == controller }
      }
      if matches { return String(parts[2]) }
    }
    return nil
  }

  /// Where the hierarchy is mounted and which part of it: fields 4 and 5 of mountinfo.
  private func mountPoint(_ hierarchy: Hierarchy) -> (root: String, point: String)? {
    for line in (SystemText.read(root + "/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else {
        continue
      }
      let matches: Bool
      switch hierarchy {
      case .unified: matches = fields[dash + 1] == "cgroup2"
      case .legacy(let controller):
        matches =
          fields[dash + 1] == "cgroup"
          && fields[dash + 3].split(separator: ",").contains { $0 == controller }
      }
      guard matches else { continue }
      let mountRoot = fields[3] == "/" ? "" : String(fields[3])
      return (mountRoot, String(fields[4]))
    }
    return nil
  }

  private func words(_ path: String) -> [Substring]? {
    SystemText.read(root + path)?.split(whereSeparator: { $0 == " " || $0 == "\n" })
  }

  private func ratio(_ quota: Substring, _ period: Substring) -> Double? {
    guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else {
      return nil
    }
    return quota / period
  }
}
