package ernie4j.spark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A standalone cluster of Spark on the loopback interface: a master and workers with one core each,
 * started from the jars on the class path of the tests, which become the folder {@code jars} of a
 * Spark without scripts. Closing it ends every process that it started.
 */
final class LocalCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** For short-lived processes that compute nothing. */
  private static final List<String> SHORT_LIVED =
      List.of(
          "-Xmx512m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Dspark.master.rest.enabled=false");

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final Path home;
  private final List<Running> workers = new ArrayList<>();
  private final List<Running> others = new ArrayList<>();
  private final String master;

  /** A process and its output. */
  static final class Running {
    private final String name;
    private final Process process;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    private Running(String name, Process process) {
      this.name = name;
      this.process = process;
      reader = new Thread(this::read, name);
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        lines.add(e.toString());
      }
    }

    String output() {
      return String.join("\n", lines);
    }

    /** Waits until it prints a line. */
    Matcher await(Pattern pattern) throws InterruptedException {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (true) {
        boolean alive = process.isAlive();
        for (String line : lines) {
          Matcher matcher = pattern.matcher(line);
          if (matcher.find()) {
            return matcher;
          }
        }
        if (!alive || System.nanoTime() > end) {
          throw new AssertionError(
              "%s did not print '%s', but:\n%s".formatted(name, pattern, output()));
        }
        Thread.sleep(20);
      }
    }

    /** Waits for its end. */
    int await() throws InterruptedException {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("%s did not end:\n%s".formatted(name, output()));
      }
      reader.join();
      return process.exitValue();
    }

    /** Kills it and the processes it started, as if the machine were gone. */
    void kill() {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(0, process.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      // A process whose parent is gone may stay as a zombie for a while.
      all.forEach(one -> one.onExit().completeOnTimeout(one, 5, TimeUnit.SECONDS).join());
    }
  }

  /** Starts a master and as many workers. */
  LocalCluster(Path folder, int workerCount) throws IOException, InterruptedException {
    home = Files.createDirectories(folder.resolve("spark"));
    Files.createDirectories(home.resolve("conf"));
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (Path jar : sparkJars()) {
      Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
    }
    Running first =
        start(
            "master",
            List.of(
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0"));
    others.add(first);
    try {
      master = first.await(MASTER).group(1);
      for (int i = 0; i < workerCount; i++) {
        workers.add(
            start(
                "worker " + i,
                List.of(
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--work-dir",
                    home.resolve("work" + i).toString(),
                    master)));
      }
      for (Running worker : workers) {
        worker.await(REGISTERED);
      }
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** Everything on the class path but ours, which is shipped with a job, as users do. */
  private static List<Path> sparkJars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.toString().endsWith(".jar") && Files.isRegularFile(path))
        .filter(path -> !path.getFileName().toString().startsWith("ernie4j"))
        .filter(path -> !path.getFileName().toString().startsWith("surefire"))
        .toList();
  }

  /** The artifacts of ours that a job needs, without that of the module itself. */
  static List<Path> ernieJars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches("ernie4j-.*(?<!tests)\\.jar"))
        .toList();
  }

  /** Makes a jar of the classes of a folder. */
  static Path jar(Path classes, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> found = Files.walk(classes)) {
      for (Path path : found.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(
            new ZipEntry(classes.relativize(path).toString().replace(File.separatorChar, '/')));
        Files.copy(path, zip);
      }
    }
    return file;
  }

  private Running start(String name, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(SHORT_LIVED);
    // Files of killed processes are deleted with the cluster.
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")));
    command.add("-cp");
    command.add(
        home.resolve("conf") + File.pathSeparator + home.resolve("jars") + File.separator + "*");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(home.toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(key -> key.startsWith("SPARK_") || key.equals("JDK_JAVA_OPTIONS"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
    return new Running(name, builder.start());
  }

  /** Starts a job with spark-submit. */
  Running submit(List<String> options, Path jar, Class<?> main, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit"));
    all.addAll(List.of("--master", master, "--class", main.getName()));
    all.addAll(options);
    all.add(jar.toString());
    all.addAll(List.of(arguments));
    Running job = start("job", all);
    others.add(job);
    return job;
  }

  Running worker(int index) {
    return workers.get(index);
  }

  @Override
  public void close() throws IOException {
    workers.forEach(Running::kill);
    others.forEach(Running::kill);
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
