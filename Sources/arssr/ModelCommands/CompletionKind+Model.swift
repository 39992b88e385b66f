import ArgumentParser
import Networks

extension CompletionKind {
  /// Names of models that this run can find, files of models, and folders.
  static var model: CompletionKind {
    .custom { _, _, prefix in ModelLibrary.catalogue.candidates(for: prefix) }
  }
}
