package ernie4j.zoo.download;

import ernie4j.zoo.cache.ModelCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user should know about the files of a pull. */
final class PullNotes {
  private final Optional<ModelCache.Entry> before;
  private final List<String> notes = new ArrayList<>();

  PullNotes(Optional<ModelCache.Entry> before) {
    this.before = before;
  }

  void downloaded(KnownModel.SourceFile file, String hash) {
    String url = file.url().toString();
    if (file.sha256().isEmpty()) {
      String note =
          file.md5().isPresent()
              ? "%s has the MD5 sum that its publisher states, so it is not damaged; its SHA-256 %s is recorded but not verified"
              : "%s has the SHA-256 %s, which is recorded but not verified";
      notes.add(note.formatted(url, hash));
    }
    before
        .map(entry -> entry.sources().get(url))
        .filter(known -> !known.equals(hash))
        .ifPresent(known -> notes.add("%s has changed: its SHA-256 was %s".formatted(url, known)));
  }

  void imported(List<String> more) {
    notes.addAll(more);
  }

  List<String> all() {
    return List.copyOf(notes);
  }
}
