package ernie4j.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A temporary folder for the models that probes load; deleted at the end. */
final class RunFiles implements AutoCloseable {
  private final Path folder;

  RunFiles() throws IOException {
    folder = Files.createTempDirectory("ernie4j-bench");
  }

  Path folder() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
