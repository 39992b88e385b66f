import CHwloc

/// Reads a topology out of hwloc.
///
/// Every failure is nil: the caller knows a way without hwloc.
enum HwlocTopology {
  /// The machine as hwloc (and its environment) describes it, reduced to the allowed units.
  ///
  /// `allowed` is the affinity mask, empty if unknown; it is not applied to another machine.
  static func load(allowed: [Int]) -> Topology? {
    withTopology(configure: { _ in true }) { handle in
      let here = hwloc_topology_is_thissystem(handle) != 0
      let units = Set(allowed)
      return read(handle, source: here ? .hwloc : .otherMachine) {
        !here || units.isEmpty || units.contains($0)
      }
    }
  }

  /// The machine of a synthetic description.
  static func load(synthetic description: String) -> Topology? {
    withTopology(configure: { hwloc_topology_set_synthetic($0, description) == 0 }) { handle in
      read(handle, source: .otherMachine) { _ in true }
    }
  }

  private static func withTopology(
    configure: (hwloc_topology_t) -> Bool, _ body: (hwloc_topology_t) -> Topology?
  ) -> Topology? {
    var handle: hwloc_topology_t?
    guard hwloc_topology_init(&handle) == 0, let handle else { return nil }
    defer { hwloc_topology_destroy(handle) }
    guard configure(handle), hwloc_topology_load(handle) == 0 else { return nil }
    return body(handle)
  }

  private static func read(
    _ handle: hwloc_topology_t, source: Topology.Source, isAllowed: (Int) -> Bool
  ) -> Topology? {
    // Without core objects (some virtual machines) every hardware thread counts as a core.
    let hasCores = hwloc_get_nbobjs_by_type(handle, HWLOC_OBJ_CORE) > 0
    var cores = objects(handle, hasCores ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU)
      .map { units(of: $0).filter(isAllowed) }
      .filter { !$0.isEmpty }
    var nodes: [Topology.Node] = []
    // Memory without own processors (CXL, flat-mode HBM) shares or lacks them: a core belongs to the
    // first node that has it, and a node without cores is none for us.
    for object in objects(handle, HWLOC_OBJ_NUMANODE) {
      let local = Set(units(of: object))
      let near = cores.filter { local.contains($0[0]) }
      if near.isEmpty { continue }
      cores.removeAll { local.contains($0[0]) }
      nodes.append(
        Topology.Node(
          index: Int(object.pointee.os_index),
          cores: near.map { Topology.Core(processingUnits: $0) }))
    }
    guard !nodes.isEmpty, cores.isEmpty else { return nil }
    return Topology(
      nodes: nodes, caches: caches(handle), limitedBy: .machine, source: source)
  }

  private static func caches(_ handle: hwloc_topology_t) -> Topology.Caches {
    func bytes(_ type: hwloc_obj_type_t) -> Int {
      guard let object = objects(handle, type).first, let attributes = object.pointee.attr else {
        return 0
      }
      return Int(clamping: attributes.pointee.cache.size)
    }
    return Topology.Caches(
      level1: bytes(HWLOC_OBJ_L1CACHE), level2: bytes(HWLOC_OBJ_L2CACHE),
      level3: bytes(HWLOC_OBJ_L3CACHE))
  }

  /// All objects of a type, in hwloc's logical order.
  private static func objects(_ handle: hwloc_topology_t, _ type: hwloc_obj_type_t) -> [hwloc_obj_t]
  {
    let depth = hwloc_get_type_depth(handle, type)
    let count = hwloc_get_nbobjs_by_depth(handle, depth)
    return (0..<count).compactMap { hwloc_get_obj_by_depth(handle, depth, $0) }
  }

  /// The operating system's numbers of the hardware threads of an object, ascending.
  private static func units(of object: hwloc_obj_t) -> [Int] {
    guard let set = object.pointee.cpuset else { return [] }
    var units: [Int] = []
    var unit = hwloc_bitmap_first(set)
    while unit >= 0 {
      units.append(Int(unit))
      unit = hwloc_bitmap_next(set, unit)
    }
    return units
  }
}
