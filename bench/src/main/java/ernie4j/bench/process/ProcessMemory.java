package ernie4j.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory of a process as Linux counts it.
 *
 * @param resident what is in memory now, MiB
 * @param peak the most that ever was, MiB
 */
record ProcessMemory(double resident, double peak) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /**
   * Of this process.
   *
   * @throws IOException if the system does not report it
   */
  static ProcessMemory ofThisProcess() throws IOException {
    if (!Files.isReadable(STATUS)) {
      throw new IOException("memory: cannot read " + STATUS + "; this measurement needs Linux");
    }
    return parse(Files.readAllLines(STATUS));
  }

  /**
   * Reads the lines of {@code /proc/self/status}.
   *
   * @throws IOException if a line is missing or looks otherwise
   */
  static ProcessMemory parse(List<String> lines) throws IOException {
    return new ProcessMemory(mebibytes(lines, "VmRSS"), mebibytes(lines, "VmHWM"));
  }

  private static double mebibytes(List<String> lines, String name) throws IOException {
    for (String line : lines) {
      if (line.matches(name + ":\\s+\\d+ kB")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException(
        "memory: expected a line such as '%s:  1234 kB' in %s, got %s"
            .formatted(name, STATUS, lines));
  }
}
