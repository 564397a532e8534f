package ernie4j.spark;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is submitted with a job of the tests.
 *
 * @param job the jar with its main class
 * @param options of spark-submit, our artifacts among them; none is about the vector module, which
 *     Spark adds to its JVMs itself
 */
record Shipment(Path job, List<String> options) {
  /** Makes jars of the classes of this module. */
  static Shipment prepare(Path folder) throws IOException, URISyntaxException {
    Path job = LocalCluster.jar(classes(ClusterJob.class), folder.resolve("job.jar"));
    List<Path> ours = new ArrayList<>(LocalCluster.ernieJars());
    ours.add(LocalCluster.jar(classes(ErnieEmbedder.class), folder.resolve("ernie4j-spark.jar")));
    return new Shipment(
        job,
        List.of(
            "--jars", ours.stream().map(Path::toString).collect(Collectors.joining(",")),
            "--executor-memory", "512m",
            "--conf", "spark.ui.enabled=false",
            "--conf", "spark.driver.host=127.0.0.1"));
  }

  private static Path classes(Class<?> one) throws URISyntaxException {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
