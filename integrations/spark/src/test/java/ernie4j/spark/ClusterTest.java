package ernie4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TinyModels;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a standalone cluster of a master and two workers, submitted as users do. */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
  private static final List<String> COMMANDS =
      List.of("来一首周华健的花心", "导航去最近的加油站", "打电话给张三", "玄黄", "下一首", "到信阳市汽车配件城");

  @TempDir static Path folder;
  private static List<String> texts = List.of();
  private static List<String> expected = List.of();
  private static Path model = Path.of("");
  private static Shipment shipment = new Shipment(Path.of(""), List.of());
  private static @Nullable LocalCluster cluster;

  @BeforeAll
  static void prepare() throws Exception {
    assumeMachine();
    texts = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      texts.add(COMMANDS.get(i % COMMANDS.size()) + "天地玄黄宇宙洪荒".substring(0, i % 9));
    }
    Files.write(folder.resolve("texts.txt"), texts);
    Model encoder = TinyModels.encoder(1);
    model = Path.of(LocalSpark.write(folder, "shipped.ernie", encoder));
    expected = new ArrayList<>();
    SentenceEmbedder embedder = SentenceEmbedder.of(encoder);
    JointSlu slu = JointSlu.bundled();
    for (int i = 0; i < texts.size(); i++) {
      expected.add(ClusterJob.line(i, embedder.embed(texts.get(i)), slu.parse(texts.get(i))));
    }
    expected.add("kernels [" + Kernels.best().name() + "]");
    shipment = Shipment.prepare(folder);
    cluster = new LocalCluster(folder, 2);
  }

  /** Skips the tests, with a message, where processes, sockets or links cannot work. */
  private static void assumeMachine() throws IOException {
    assumeTrue(
        File.separatorChar == '/', "skipped: the cluster of this test has symbolic links to jars");
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assumeTrue(socket.isBound(), "skipped: the loopback interface 127.0.0.1 cannot be used");
    }
    FileStore store = Files.getFileStore(folder);
    assumeTrue(
        store.getUsableSpace() > 500_000_000, "skipped: Spark needs half a gigabyte in " + folder);
  }

  private static LocalCluster.Running submit(Path gate, Path results) throws IOException {
    List<String> options = new ArrayList<>(shipment.options());
    options.addAll(List.of("--files", model.toString()));
    return Objects.requireNonNull(cluster)
        .submit(
            options,
            shipment.job(),
            ClusterJob.class,
            folder.resolve("texts.txt").toString(),
            model.getFileName().toString(),
            gate.toString(),
            results.toString());
  }

  private static Pattern taskOf(int executor) {
    return Pattern.compile("TASK \\d+\\.\\d+ on executor " + executor + " done");
  }

  @Test
  @Order(1)
  void twoWorkersGiveTheBitsOfOneJvm() throws Exception {
    Path results = folder.resolve("two.txt");
    LocalCluster.Running running = submit(Files.createFile(folder.resolve("open")), results);
    assertThat(running.await()).as(running.output()).isZero();
    running.await(taskOf(0));
    running.await(taskOf(1));
    assertThat(Files.readAllLines(results)).isEqualTo(expected);
  }

  @Test
  @Order(2)
  void aWorkerThatIsKilledCostsOnlyTime() throws Exception {
    Path results = folder.resolve("killed.txt");
    Path gate = folder.resolve("gate");
    LocalCluster.Running running = submit(gate, results);
    // Both workers have finished a task and wait in another one.
    running.await(taskOf(0));
    running.await(taskOf(1));
    Objects.requireNonNull(cluster).worker(1).kill();
    Files.createFile(gate);
    assertThat(running.await()).as(running.output()).isZero();
    assertThat(running.output()).containsPattern("TASK \\d+\\.\\d+ on executor \\d lost");
    assertThat(Files.readAllLines(results)).isEqualTo(expected);
  }

  @AfterAll
  static void nothingIsLeftBehind() throws IOException {
    if (cluster == null) {
      return;
    }
    cluster.close();
    assertThat(folder.resolve("spark")).doesNotExist();
    try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
      assertThat(children.filter(ProcessHandle::isAlive)).isEmpty();
    }
  }
}
