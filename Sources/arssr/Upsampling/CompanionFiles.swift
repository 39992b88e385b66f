import Files
import Reports

/// The files that a run may write beside a result and its sidecar, as they stand there.
///
/// Neither names nor dates tell whose they are. The sidecar has the checksum of the expected errors,
/// and a report shows all that the sidecar of its result says.
struct CompanionFiles {
  /// No report is larger: the making of one takes a fifth of it.
  private static let mostBytes = 256 << 20

  let request: UpsampleRequest

  /// SHA-256 of the expected errors; nil where none are asked for, or there is no file of them.
  var uncertaintyDigest: String? {
    guard let path = request.refinement.uncertainty?.path, FolderListing.isRegularFile(path) else {
      return nil
    }
    return try? SHA256Digest(of: InputFile(path: path)).hexadecimal
  }

  /// Whether the report is that of the result beside it; true where none is asked for.
  var hasCurrentReport: Bool {
    guard let report = request.refinement.report else { return true }
    guard let page = Self.bytes(report.path), let sidecar = request.sidecar.flatMap(Self.bytes)
    else { return false }
    let rows = ReportFacts.rows(ofSidecar: sidecar)
    guard !rows.isEmpty else { return false }
    let data = JSON.array(rows.map { .strings([$0.name, $0.value]) }).line
    return Self.holds(page, Array(ReportPage.embedded(data).utf8))
  }

  private static func bytes(_ path: String) -> [UInt8]? {
    guard let file = try? InputFile(path: path), file.size <= mostBytes else { return nil }
    return try? file.read(at: 0, count: file.size)
  }

  /// Whether bytes stand somewhere in others.
  private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, part.count <= bytes.count else { return false }
    for start in 0...(bytes.count - part.count) where bytes[start] == first {
      if bytes[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
  }
}
