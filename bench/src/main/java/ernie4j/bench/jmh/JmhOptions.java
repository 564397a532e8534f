package ernie4j.bench.jmh;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Option;

/** How long JMH measures. */
final class JmhOptions {
  @Option(names = "--forks", defaultValue = "2", description = "processes of each case; default 2")
  private int forks;

  @Option(
      names = "--warmup-iterations",
      defaultValue = "6",
      description = "iterations before the measured ones; default 6")
  private int warmupIterations;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description = "measured iterations of a process; default 5")
  private int iterations;

  @Option(
      names = "--iteration-milliseconds",
      defaultValue = "500",
      description = "length of an iteration; default 500")
  private int milliseconds;

  ChainedOptionsBuilder builder() {
    TimeValue time = TimeValue.milliseconds(milliseconds);
    return new OptionsBuilder()
        .forks(forks)
        .warmupIterations(warmupIterations)
        .warmupTime(time)
        .measurementIterations(iterations)
        .measurementTime(time);
  }

  /** Runs what the builder asks for; a case that fails is reported by JMH and left out. */
  static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build()).run();
  }
}
