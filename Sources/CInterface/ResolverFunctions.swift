import CArssr
import Checkpoints
import KernelInterface
import SuperResolution

/// A model made ready behind `arssr_resolver`.
final class ResolverHandle: Sendable {
  let resolver: SuperResolver
  let description: CText

  init(_ resolver: SuperResolver) {
    self.resolver = resolver
    let model = resolver.model
    var members: [String: String] = [
      "name": model.name, "path": model.path, "sha256": model.sha256,
      "architecture": model.architecture, "normalisation": model.normalisation.description,
      "parameters": String(model.parameterCount),
      "contrasts": model.card.contrasts.joined(separator: ","),
      "notices": model.notices.map(\.message).joined(separator: "\n"),
    ]
    if model.takesGuide { members["guide"] = "true" }
    members["factor"] = model.fixedFactor.map(String.init)
    members["title"] = model.card.title
    members["status"] = model.card.status
    members["licence"] = model.card.licence
    members["citation"] = model.card.citation
    description = CText(JSONText.object(members))
  }
}

/// See `arssr.h`.
@_cdecl("arssr_resolver_open")
public func openResolver(
  _ computer: OpaquePointer, _ model: UnsafePointer<CChar>, _ folder: UnsafePointer<CChar>?,
  _ precision: UnsafePointer<CChar>, _ exact: Int32,
  _ resolver: UnsafeMutablePointer<OpaquePointer?>, _ error: UnsafeMutablePointer<arssr_error>?
) -> Int32 {
  call(error) { () throws(SuperResolutionError) in
    let word = String(cString: precision)
    guard let precision = Precision(rawValue: word) else {
      throw .argument(
        name: "precision", value: word,
        wanted: Precision.allCases.map(\.rawValue).joined(separator: " or "))
    }
    let model = try Model(
      named: String(cString: model), folders: [text(folder)].compactMap { $0 })
    resolver.pointee = Handle.open(
      ResolverHandle(
        try SuperResolver(
          model, on: computerHandle(computer).computer, precision: precision, isExact: exact != 0)))
  }
}

/// See `arssr.h`.
@_cdecl("arssr_resolver_description")
public func resolverDescription(_ resolver: OpaquePointer) -> UnsafePointer<CChar> {
  resolverHandle(resolver).description.pointer
}

/// See `arssr.h`.
@_cdecl("arssr_resolver_close")
public func closeResolver(_ resolver: OpaquePointer?) {
  Handle.close(resolver, ResolverHandle.self)
}

/// The resolver behind a pointer.
func resolverHandle(_ pointer: OpaquePointer) -> ResolverHandle { Handle.object(pointer) }
