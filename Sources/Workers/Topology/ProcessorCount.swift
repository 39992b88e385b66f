import Glibc

/// What the C library knows of the processors, for when hwloc does not help.
enum ProcessorCount {
  /// Hardware threads that are switched on, at least 1.
  static func online() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Cache sizes in bytes, 0 where unknown.
  static func caches() -> Topology.Caches {
    Topology.Caches(
      level1: max(0, sysconf(Int32(_SC_LEVEL1_DCACHE_SIZE))),
      level2: max(0, sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))),
      level3: max(0, sysconf(Int32(_SC_LEVEL3_CACHE_SIZE))))
  }
}
