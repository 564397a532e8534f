package ernie4j.training;

import ernie4j.training.TrainingListener.Evaluation;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps more than the newest checkpoint, as {@code checkpoints/step-<n>.safetensors}. To go back to
 * one, copy it over {@code checkpoint.safetensors} and resume.
 */
final class EarlierCheckpoints {
  private EarlierCheckpoints() {}

  /**
   * Adds the newest checkpoint and deletes those beyond the limit. The one of the best evaluation
   * and the newest ones stay.
   */
  static void keep(Path folder, String newest, TrainingHistory history, int limit)
      throws IOException {
    Path kept = Files.createDirectories(folder.resolve("checkpoints"));
    List<Long> steps = history.evaluations().stream().map(Evaluation::step).toList();
    Path target = file(kept, steps.get(steps.size() - 1));
    Files.deleteIfExists(target); // from before a resume
    add(folder.resolve(newest), target, Files::createLink);
    Set<Long> wanted = new HashSet<>();
    history.best().ifPresent(best -> wanted.add(best.step()));
    for (int i = steps.size() - 1; i >= 0 && wanted.size() < limit; i--) {
      wanted.add(steps.get(i));
    }
    for (long step : steps) {
      if (!wanted.contains(step)) {
        Files.deleteIfExists(file(kept, step));
      }
    }
  }

  private static Path file(Path kept, long step) {
    return kept.resolve("step-" + step + ".safetensors");
  }

  /** Makes a file appear under a second name. */
  interface Linker {
    void link(Path target, Path existing) throws IOException;
  }

  /**
   * A link costs nothing, and the newest checkpoint is never changed in place. File systems without
   * links either lack the operation or refuse it.
   */
  static void add(Path newest, Path target, Linker linker) throws IOException {
    try {
      linker.link(target, newest);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(newest, target);
    }
  }
}
