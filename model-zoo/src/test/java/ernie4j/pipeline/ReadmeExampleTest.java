package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java example of the README compiles here, is the same text, and does what it says. */
class ReadmeExampleTest {
  private static final Path ROOT = Path.of("..");
  private static final Path THIS =
      Path.of(
          "src/test/java/ernie4j/pipeline/" + ReadmeExampleTest.class.getSimpleName() + ".java");

  private static void example() throws IOException {
    // begin
    JointSlu slu = JointSlu.bundled();
    JointSlu.Result result = slu.parse("来一首周华健的花心");
    System.out.println(result.intent() + " " + result.probability());
    for (Span slot : result.slots()) {
      System.out.println(slot.type() + ": " + slot.text());
      assert result.text().substring(slot.start(), slot.end()).equals(slot.text());
    }
    // end
  }

  @Test
  void theExamplePrintsIntentAndSlots() throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      example();
    } finally {
      System.setOut(before);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("music.play 0.9")
        .contains("singer: 周华健")
        .contains("song: 花心");
  }

  @Test
  void theReadmeShowsThisExample() throws IOException {
    String here = first(THIS, "    // begin\n(.*?)    // end\n").replace("\n    ", "\n").strip();
    assertThat(first(ROOT.resolve("README.md"), "```java\n(.*?)```").strip()).isEqualTo(here);
  }

  private static String first(Path file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(Files.readString(file));
    assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
    return matcher.group(1);
  }
}
