package ernie4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSummaryTest {
  @TempDir Path root;

  private void report(String file, String... cases) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "<testsuite>\n" + String.join("\n", cases) + "\n</testsuite>");
  }

  private static String skipped(String reason) {
    return "<testcase name=\"a\">\n<skipped type=\"org.opentest4j.TestAbortedException\"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: skipped: %s\n\tat x]]></skipped>\n</testcase>"
        .formatted(reason);
  }

  @Test
  void countsSkippedTestsOfAllRunsAndSaysHowToRunThem() throws IOException {
    report("engine/target/surefire-reports/TEST-a.xml", "<testcase name=\"x\"/>");
    report(
        "engine/target/surefire-reports-scalar/TEST-a.xml",
        skipped("the folder named by -Dernie4j.golden is not there (x)"),
        skipped("the folder named by -Dernie4j.golden is not there (x)"),
        skipped("the folder named by -Dernie4j.data is not there (x)"));
    report("cli/target/surefire-reports/TEST-b.xml", skipped("threads can be killed up to JDK 19"));
    report("cli/target/other/TEST-c.xml", "<testcase name=\"no\"/>");
    assertThat(TestSummary.line(root))
        .isEqualTo(
            "ernie4j: 5 tests, 4 of them skipped; to run: 2 with -Dernie4j.golden=DIR, a folder of expected values, 1 with -Dernie4j.data=DIR, a folder of data sets, 1 on the other JDK, system or vector width that target/surefire-reports* names.");
  }

  @Test
  void saysIfNoTestWasSkipped() throws IOException {
    report("engine/target/surefire-reports/TEST-a.xml", "<testcase name=\"x\"/>");
    assertThat(TestSummary.line(root)).isEqualTo("ernie4j: 1 tests, 0 of them skipped.");
  }
}
