package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/**
 * Two applications in one JVM, each with its own copy of this library, as on an application server.
 * Both work, and after one is undeployed, none of its threads or classes remains.
 */
class TwoClassLoadersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** The class path of the library, the engine and Jackson in this test run. */
  private static URL[] library() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("test-classes")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(new URL[0]);
  }

  /** Runs the bundled model in a loader, on its own thread, and returns the answer as text. */
  private static String answer(ClassLoader loader, String text) throws Exception {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              Class<?> pipeline = loader.loadClass(JointSlu.class.getName());
              assertThat(pipeline.getClassLoader()).isSameAs(loader);
              Object slu = pipeline.getMethod("bundled").invoke(null);
              return pipeline.getMethod("parse", String.class).invoke(slu, text).toString();
            });
    // Jackson keeps buffers per thread, so the thread must end, as those of a server end with its
    // pool.
    Thread thread = new Thread(task);
    thread.start();
    thread.join();
    return task.get();
  }

  @Test
  void bothWorkAndCanBeCollected() throws Exception {
    String text = "来一首周华健的花心";
    String expected = JointSlu.bundled().parse(text).toString();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (URLClassLoader loader =
          new URLClassLoader("app-" + i, library(), ClassLoader.getPlatformClassLoader())) {
        assertThat(answer(loader, text)).isEqualTo(expected);
        loaders.add(new WeakReference<>(loader));
      }
    }
    Instant end = Instant.now().plus(PATIENCE);
    while (loaders.stream().anyMatch(loader -> loader.get() != null)
        && Instant.now().isBefore(end)) {
      System.gc();
      Thread.sleep(100);
    }
    assertThat(loaders).as(this::threads).allMatch(loader -> loader.get() == null);
  }

  /** The remaining threads, for the message. */
  private String threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName() + " of " + thread.getContextClassLoader())
        .toList()
        .toString();
  }
}
