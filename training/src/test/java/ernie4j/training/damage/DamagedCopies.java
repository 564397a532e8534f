package ernie4j.training.damage;

import com.sun.management.OperatingSystemMXBean;
import ernie4j.training.damage.SeedFormats.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Reads damaged copies of every format. Each must quickly give its contents or a documented
 * exception; the JVM limits the heap. Arguments: the number of copies, a seed, and names of formats
 * (none for all). {@code DamagedCopiesTest} says how to run it with Maven.
 */
final class DamagedCopies {
  private static final double MOST_SECONDS = 2;

  private DamagedCopies() {}

  /** Measures processor time, so that other work of the machine does not make a file look slow. */
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * The result for the copies of a format.
   *
   * @param read how many were read as if nothing had happened
   * @param refused how many were refused by a documented exception
   * @param slowest the most processor time for one copy, in seconds
   * @param faults what must not happen, one sentence each
   */
  record Outcome(int read, int refused, double slowest, List<String> faults) {}

  /** Writes a good file to an empty folder and reads damaged copies of it. */
  static Outcome of(Format format, Path folder, int copies, long seed) throws IOException {
    format.writer().write(folder);
    Path file = folder.resolve(format.file());
    byte[] good = Files.readAllBytes(file);
    format.reader().read(folder); // the undamaged file must be readable
    int read = 0;
    double slowest = 0;
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < copies; i++) {
      long own = seed * 1_000_003 + i;
      byte[] copy = Damage.of(good, new Random(own * 0x9E3779B97F4A7C15L));
      Files.write(file, copy);
      long start = PROCESS.getProcessCpuTime();
      try {
        format.reader().read(folder);
        read++;
        if (format.hashed() && !Arrays.equals(copy, good)) {
          faults.add("copy %d: was read although its hash is wrong".formatted(i));
        }
      } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof IOException && !message.contains(folder.toString())) {
          faults.add("copy %d: the file is not named: %s".formatted(i, e));
        } else if (!(e instanceof IOException)) {
          faults.add("copy %d: %s".formatted(i, described(e)));
        }
      } catch (RuntimeException | Error e) {
        faults.add("copy %d: %s".formatted(i, described(e)));
      }
      double seconds = (PROCESS.getProcessCpuTime() - start) / 1e9;
      slowest = Math.max(slowest, seconds);
      if (seconds > MOST_SECONDS) {
        faults.add("copy %d: took %.1f s of processor time".formatted(i, seconds));
      }
    }
    Files.write(file, good);
    return new Outcome(read, copies - read, slowest, faults);
  }

  private static String described(Throwable e) {
    StringBuilder text = new StringBuilder(e.toString());
    for (int i = 0; i < Math.min(6, e.getStackTrace().length); i++) {
      text.append("\n    ").append(e.getStackTrace()[i]);
    }
    return text.toString();
  }

  public static void main(String[] args) throws IOException {
    int copies = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    List<String> names = List.of(args).subList(2, args.length);
    int faults = 0;
    for (Format format : SeedFormats.all()) {
      if (names.isEmpty() || names.contains(format.name())) {
        Path folder = Files.createTempDirectory("damaged");
        Outcome outcome = of(format, folder, copies, seed);
        System.out.printf(
            Locale.ROOT,
            "%-34s %,7d copies  %,7d read  %,7d refused  slowest %.3f s  %d faults%n",
            format.name(),
            copies,
            outcome.read(),
            outcome.refused(),
            outcome.slowest(),
            outcome.faults().size());
        outcome.faults().stream().limit(5).forEach(System.out::println);
        faults += outcome.faults().size();
      }
    }
    System.exit(faults == 0 ? 0 : 1);
  }
}
