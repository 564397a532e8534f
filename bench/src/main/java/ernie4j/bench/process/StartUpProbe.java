package ernie4j.bench.process;

import ernie4j.bench.peer.OnnxRuntimeSlu;
import ernie4j.pipeline.JointSlu;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A process that loads one model, answers the same text again and again, and reports how fast. */
final class StartUpProbe {
  private static final int MOST_CALLS = 200_000;

  private StartUpProbe() {}

  /** Arguments: model file or folder, text, when the process was started, milliseconds to run. */
  public static void main(String[] arguments) throws IOException {
    Path source = Path.of(arguments[0]);
    String text = arguments[1];
    Instant start = Instant.parse(arguments[2]);
    double most = Double.parseDouble(arguments[3]);

    Function<String, OnnxRuntimeSlu.Answer> parser = load(source);
    double[] durations = new double[MOST_CALLS];
    double[] ends = new double[MOST_CALLS];
    OnnxRuntimeSlu.Answer answer;
    int calls = 0;
    do {
      long before = System.nanoTime();
      answer = parser.apply(text);
      durations[calls] = (System.nanoTime() - before) / 1e6;
      ends[calls] = Duration.between(start, Instant.now()).toNanos() / 1e6;
      calls++;
    } while (calls < MOST_CALLS && ends[calls - 1] < most);
    SteadyState steady =
        SteadyState.of(Arrays.copyOf(durations, calls), Arrays.copyOf(ends, calls));
    System.out.println("first=" + ends[0]);
    System.out.println("steadyCall=" + steady.call());
    System.out.println("steady=" + steady.milliseconds());
    System.out.println("best=" + steady.best());
    System.out.println("answer=" + answer.intent() + " " + answer.slots());
    System.out.println("confidence=" + answer.confidence());
    System.exit(0);
  }

  private static Function<String, OnnxRuntimeSlu.Answer> load(Path source) throws IOException {
    if (source.toString().endsWith(".ernie")) {
      JointSlu slu = JointSlu.load(source);
      return text -> answer(slu.parse(text));
    }
    OnnxRuntimeSlu slu = OnnxRuntimeSlu.load(source);
    return slu::parse;
  }

  private static OnnxRuntimeSlu.Answer answer(JointSlu.Result result) {
    List<String> slots =
        result.slots().stream().map(slot -> slot.type() + ":" + slot.text()).toList();
    return new OnnxRuntimeSlu.Answer(result.intent(), result.probability(), slots);
  }
}
