package ernie4j.pipeline.android;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.pipeline.JointSlu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.tree.ClassNode;

/** Tokenizer, engine and pipelines use what Android 8 has, see docs/android.md. */
class AndroidTest {
  /** Each of these checks first, or catches the error, and has a fallback. */
  private static final Set<String> LOOK_UPS =
      Set.of(
          "ernie4j/engine/kernels/scalar/RowProduct",
          "ernie4j/engine/platform/Fma",
          "ernie4j/engine/platform/SpinWait",
          "ernie4j/engine/platform/Log$OfTheSystem",
          "ernie4j/engine/kernels/vector/VectorProvider$BootLayer");

  private static final List<String> TEXTS = List.of("来一首周华健的花心", "到信阳市汽车配件城", "hello 世界 😀");

  private static AndroidApi api;
  private static Map<String, ClassNode> classes;

  @BeforeAll
  static void read() throws Exception {
    api = AndroidApi.read();
    classes = NeededClasses.read();
  }

  @Test
  void usesOnlyWhatAndroidHas() {
    MissingCalls calls = new MissingCalls(api);
    List<String> wrong = new ArrayList<>();
    Set<String> desugared = new TreeSet<>();
    Set<String> lookUps = new TreeSet<>();
    classes.forEach(
        (name, type) -> {
          for (String missing : calls.of(type)) {
            if (AndroidApi.DESUGARED.contains(missing)) {
              desugared.add(missing);
            } else if (LOOK_UPS.contains(name)) {
              lookUps.add(name);
            } else {
              wrong.add(name + " uses " + missing);
            }
          }
        });
    assertThat(wrong).as("what Android 8 does not have").isEmpty();
    assertThat(desugared).as("the list of desugared members").isEqualTo(AndroidApi.DESUGARED);
    assertThat(lookUps).as("the list of look-ups").isEqualTo(LOOK_UPS);
  }

  @Test
  void needsNoImporterAndNoDownload() {
    assertThat(classes.keySet())
        .contains("ernie4j/zoo/cache/ModelCache")
        .noneMatch(
            name ->
                name.startsWith("ernie4j/quant/")
                    || (name.startsWith("ernie4j/zoo/") && !name.startsWith("ernie4j/zoo/cache/")));
  }

  /** Runs the bundled model once as usual and once without everything that a device lacks. */
  @Test
  void answersAreTheSameWithoutWhatAndroidLacks() throws Exception {
    String expected = JointSlu.bundled().parse(TEXTS).toString();
    List<String> logged = new ArrayList<>();
    Handler handler = new Listener(logged);
    Logger logger = Logger.getLogger("ernie4j");
    logger.addHandler(handler);
    String vm = System.setProperty("java.vm.name", "Dalvik");
    String version = System.setProperty("java.specification.version", "0.9");
    try {
      Class<?> pipeline = new Device(classes, api).loadClass(JointSlu.class.getName());
      Object slu = pipeline.getMethod("bundled").invoke(null);
      Object answers = pipeline.getMethod("parse", List.class).invoke(slu, TEXTS);
      assertThat(answers).hasToString(expected);
      slu.getClass().getMethod("close").invoke(slu);
    } finally {
      System.setProperty("java.vm.name", vm);
      System.setProperty("java.specification.version", version);
      logger.removeHandler(handler);
    }
    assertThat(Device.MISSED).contains("java/lang/Math.fma", "java/lang/System.getLogger");
    assertThat(logged).singleElement().asString().contains("The JVM 'Dalvik'");
  }

  private static final class Listener extends Handler {
    private final List<String> sentences;

    Listener(List<String> sentences) {
      this.sentences = sentences;
    }

    @Override
    public void publish(LogRecord logged) {
      sentences.add(logged.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
