import Checkpoints
import Files
import Volumes

/// A result that is there already, and whether it is the one that a run would make.
///
/// Its sidecar has to show the same checksums of all inputs and of the model, the same options and the
/// same version; the volume has to be there with the size that it should have, and the files that
/// are asked for beside them have to belong to it.
struct ExistingResult {
  private let prepared: PreparedUpsampling
  /// The sidecar; nil where there is none that can be read.
  private let stored: JSONObject?

  private var request: UpsampleRequest { prepared.request }

  init(of prepared: PreparedUpsampling) {
    self.prepared = prepared
    stored = prepared.request.sidecar.flatMap(SidecarFile.object(at:))
  }

  /// Whether all files are there and the volume's header is in order.
  var isThere: Bool {
    guard stored != nil, request.refinement.files.allSatisfy(FolderListing.isRegularFile),
      let reader = try? VolumeReader(path: request.output)
    else { return false }
    let (found, wanted) = (reader.header, prepared.outputHeader())
    return found.grid.size == wanted.grid.size && found.frames == wanted.frames
      && found.voxelType == wanted.voxelType
  }

  /// Whether the sidecar shows what a run would write.
  func isCurrent(_ digests: InputDigests) -> Bool {
    let companions = CompanionFiles(request: request)
    var outcome = UpsampleOutcome()
    outcome.uncertaintyDigest = companions.uncertaintyDigest
    let expected = Sidecar(prepared, outcome, digests: digests).json.document
    guard let stored, case .object(let own)? = stored["Arssr"],
      case .object(let sidecar)? = try? StrictJSON.parse(Array(expected.utf8)),
      case .object(let details)? = sidecar["Arssr"]
    else { return false }
    return (request.bids?.matches(stored, expected: sidecar) ?? true)
      && Sidecar.decisive.allSatisfy { own[$0] == details[$0] }
      && ["Exact", "Precision"].allSatisfy { own.path($0) == details.path($0) }
      && companions.hasCurrentReport
  }
}

extension JSONObject {
  /// A value of the member `Path`.
  fileprivate func path(_ key: String) -> JSONValue? {
    guard case .object(let path)? = self["Path"] else { return nil }
    return path[key]
  }
}
