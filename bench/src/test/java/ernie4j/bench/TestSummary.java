package ernie4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last line of the build: how many tests ran in all modules, how many were skipped, and how to
 * run them. Maven runs this file from source, so it may use only the JDK.
 */
final class TestSummary {
  private static final Pattern TEST = Pattern.compile("<testcase ");
  private static final Pattern SKIPPED =
      Pattern.compile("<skipped\\b(?:(?!</testcase>).){0,400}", Pattern.DOTALL);

  /**
   * What the reasons of skipped tests contain, and how such tests are run; the last is the rest.
   */
  private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

  static {
    REMEDIES.put("-Dernie4j.golden", "with -Dernie4j.golden=DIR, a folder of expected values");
    REMEDIES.put("-Dernie4j.data", "with -Dernie4j.data=DIR, a folder of data sets");
    REMEDIES.put(
        "", "on the other JDK, system or vector width that target/surefire-reports* names");
  }

  private TestSummary() {}

  /**
   * Prints the line.
   *
   * @param args the folder with the modules
   */
  public static void main(String[] args) throws IOException {
    System.out.println(line(Path.of(args[0])));
  }

  static String line(Path root) throws IOException {
    long tests = 0;
    Map<String, Integer> skipped = new LinkedHashMap<>();
    for (Path report : reports(root)) {
      String text = Files.readString(report);
      tests += TEST.matcher(text).results().count();
      for (Matcher each = SKIPPED.matcher(text); each.find(); ) {
        String reason = each.group();
        String kind = REMEDIES.keySet().stream().filter(reason::contains).findFirst().orElseThrow();
        skipped.merge(kind, 1, Integer::sum);
      }
    }
    int all = skipped.values().stream().mapToInt(Integer::intValue).sum();
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "ernie4j: %,d tests, %d of them skipped", tests, all));
    String separator = "; to run: ";
    for (Map.Entry<String, String> remedy : REMEDIES.entrySet()) {
      Integer count = skipped.get(remedy.getKey());
      if (count != null) {
        line.append(separator).append(count).append(' ').append(remedy.getValue());
        separator = ", ";
      }
    }
    return line.append('.').toString();
  }

  /** The reports of all runs of all modules. */
  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.find(root, 4, (path, attributes) -> isReport(root, path))) {
      return files.sorted().toList();
    }
  }

  private static boolean isReport(Path root, Path file) {
    Path path = root.relativize(file);
    return path.getNameCount() == 4
        && path.getName(1).toString().equals("target")
        && path.getName(2).toString().startsWith("surefire-reports")
        && path.getName(3).toString().matches("TEST-.*\\.xml");
  }
}
