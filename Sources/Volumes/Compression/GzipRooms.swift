/// How much room a gzip writer has.
struct GzipRooms: Equatable {
  /// More places than this do not make anything faster.
  private static let mostPlaces = 32

  let workers: Int
  /// Chunks that are filled, compressed, or wait for those before them.
  let places: Int
  /// Content of a chunk: a MiB, or all there is.
  let chunkBytes: Int
  /// Room for a chunk, also when it is compressed: incompressible data grow by less than 1 %.
  let roomBytes: Int

  /// Decides.
  ///
  /// - Parameters:
  ///   - workers: Who compress.
  ///   - burst: Bytes of content that come at once and should find places; without, one chunk is filled
  ///     while each worker compresses one and has the next.
  ///   - content: Bytes of the whole content, as far as that is known.
  init(workers: Int, burst: Int, content: Int?) {
    let size = GzipWriter.chunkBytes
    let all = max(1, content.map { $0 / size + ($0 % size > 0 ? 1 : 0) } ?? .max)
    let chunks = min(burst / size + 1, Self.mostPlaces)
    self.workers = workers
    places = workers == 1 ? 1 : min(all, 1 + max(2 * workers, chunks))
    chunkBytes = max(1, min(size, content ?? size))
    // A sync flush and the heads of blocks take some bytes more, however small the content is.
    roomBytes = chunkBytes + chunkBytes / 8 + 1 << 10
  }

  /// Bytes of all that is touched at a level of compression.
  func plannedBytes(level: Int) -> Int {
    // Of a room the end is touched by incompressible content only, and then little of it. No more
    // workers compress at once than there are chunks.
    places * (chunkBytes + chunkBytes / 100)
      + min(workers, places) * (roomBytes + chunkCoderBytes(level: level))
  }
}
