import Foundation
import Testing

@testable import Workers

/// A made-up file system root with control groups.
private struct Root: ~Copyable {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent(
    "arssr-groups-\(UUID().uuidString)"
  ).path

  init(_ files: [String: String]) throws {
    for (name, content) in files {
      let file = URL(fileURLWithPath: path + name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.write(to: file, atomically: false, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private let unifiedMount =
  "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
private let unified = "/sys/fs/cgroup"

@Suite struct ControlGroupsTests {
  @Test func theTightestQuotaOfAllLevelsCounts() throws {
    let root = try Root([
      "/proc/self/cgroup": "0::/user.slice/job-7\n",
      "/proc/self/mountinfo": unifiedMount,
      unified + "/user.slice/job-7/cpu.max": "max 100000\n",
      unified + "/user.slice/cpu.max": "150000 100000\n",
    ])
    #expect(ControlGroups(root: root.path).cpuQuota() == 1.5)
  }

  @Test func withoutFilesThereIsNoLimit() {
    let groups = ControlGroups(root: "/nonexistent")
    #expect(groups.cpuQuota() == nil)
    #expect(groups.memoryLeft() == nil)
  }

  @Test func droppablePageCacheCountsAsFree() throws {
    let root = try Root([
      "/proc/self/cgroup": "0::/a\n",
      "/proc/self/mountinfo": unifiedMount,
      unified + "/a/memory.max": "1000000\n",
      unified + "/a/memory.current": "700000\n",
      unified + "/a/memory.stat": "anon 400000\ninactive_file 200000\n",
      unified + "/memory.max": "max\n",
      unified + "/memory.current": "900000\n",
    ])
    #expect(ControlGroups(root: root.path).memoryLeft() == 500_000)
  }

  @Test func aGroupAboveItsLimitLeavesNothing() throws {
    let root = try Root([
      "/proc/self/cgroup": "0::/\n",
      "/proc/self/mountinfo": unifiedMount,
      unified + "/memory.max": "1000\n",
      unified + "/memory.current": "2000\n",
    ])
    #expect(ControlGroups(root: root.path).memoryLeft() == 0)
  }

  @Test func versionOneIsReadPerController() throws {
    let root = try Root([
      "/proc/self/cgroup": "4:memory:/batch/job\n3:cpu,cpuacct:/batch/job\n0::/\n",
      "/proc/self/mountinfo": """
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
      """,
      "/sys/fs/cgroup/cpu,cpuacct/batch/job/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu,cpuacct/batch/job/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpu,cpuacct/batch/cpu.cfs_quota_us": "400000\n",
      "/sys/fs/cgroup/cpu,cpuacct/batch/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/memory/batch/job/memory.limit_in_bytes": "5000000\n",
      "/sys/fs/cgroup/memory/batch/job/memory.usage_in_bytes": "3000000\n",
      "/sys/fs/cgroup/memory/batch/job/memory.stat": "total_inactive_file 1000000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "8000000\n",
    ])
    #expect(ControlGroups(root: root.path).cpuQuota() == 4)
    #expect(ControlGroups(root: root.path).memoryLeft() == 3_000_000)
  }

  @Test func inAContainerTheMountShowsOnlyTheOwnPart() throws {
    let root = try Root([
      "/proc/self/cgroup": "3:cpu:/docker/abc\n",
      "/proc/self/mountinfo":
        "32 31 0:29 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ])
    #expect(ControlGroups(root: root.path).cpuQuota() == 0.5)
    var topology = Topology.affinityOnly([0, 1, 2, 3])
    topology = .limited(topology, machineUnits: 4, groups: ControlGroups(root: root.path))
    #expect(topology.limitedBy == .quota(cpus: 0.5))
    #expect(topology.maximumThreads == 1)
  }
}
