import Glibc

/// Memory for large arrays that fails with an error instead of a trap.
///
/// The elements are zero and no page is touched yet, so each page goes to the NUMA node of the
/// worker that first writes it. The start is aligned to the page (so at least to 64 bytes); a buffer
/// of 2 MiB or more starts on a 2 MiB boundary and asks for huge pages, because one Winograd or
/// decoder tile touches hundreds of small ones.
///
/// `@unchecked Sendable`: the buffer owns the pages but not the access to them. Whoever shares it
/// between workers gives each its own part, or reads only.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Elements that may be read and written.
  public let count: Int
  /// The first element; valid while the buffer lives.
  public let pointer: UnsafeMutablePointer<Element>

  private let pages: MappedPages

  /// Maps memory for `count` elements, all bytes zero.
  ///
  /// - Parameter count: Elements, 0 or more.
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the size overflows or the system refuses.
  public init(count: Int) throws(WorkersError) {
    precondition(count >= 0, "count: \(count)")
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow else { throw .allocation(bytes: .max, errno: ENOMEM) }
    pages = try MappedPages(bytes: max(bytes, 1))
    pointer = pages.start.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  /// Maps memory and copies `values` into it.
  ///
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses.
  public convenience init(_ values: [Element]) throws(WorkersError) {
    try self.init(count: values.count)
    _ = elements.update(fromContentsOf: values)
  }

  deinit { pages.unmap() }

  /// All elements as a buffer; valid while this object lives.
  public var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

/// One anonymous private mapping.
private struct MappedPages {
  let start: UnsafeMutableRawPointer
  private let length: Int

  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
  private static let hugePageBytes = 2 << 20

  init(bytes: Int) throws(WorkersError) {
    let huge = bytes >= Self.hugePageBytes
    let slack = huge ? Self.hugePageBytes : 0
    let (padded, overflow) = bytes.addingReportingOverflow(Self.pageBytes - 1 + slack)
    guard !overflow else { throw .allocation(bytes: bytes, errno: ENOMEM) }
    let whole = (padded - slack) / Self.pageBytes * Self.pageBytes
    let mapped = mmap(
      nil, whole + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { throw .allocation(bytes: bytes, errno: errno) }
    length = whole
    guard huge else {
      start = mapped
      return
    }
    // mmap aligns to small pages only: map 2 MiB more, give back what lies before and behind.
    let before = (slack - Int(bitPattern: mapped) % slack) % slack
    start = mapped + before
    if before > 0 { munmap(mapped, before) }
    if slack > before { munmap(start + whole, slack - before) }
    // Advice only: without transparent huge pages the buffer works as well.
    madvise(start, whole, MADV_HUGEPAGE)
  }

  func unmap() { munmap(start, length) }
}
