package ernie4j.engine.kernels.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelEntry.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The rules of the warm-up, on functions that only pretend to be slow, fast or wrong. */
class KernelWarmUpTest {
  private static final int MANY = 30_000;

  /** The number of slow calls of a function that never gets fast; it is slower than all others. */
  private static final int NEVER = Integer.MAX_VALUE;

  private final List<String> begun = Collections.synchronizedList(new ArrayList<>());

  /** Doubles its input; slow until it has been called so many times, and wrong from then on. */
  private final class Pretender implements IntUnaryOperator {
    private final String name;
    private final int slowCalls;
    private final IntUnaryOperator error;
    private int calls;

    Pretender(String name, int slowCalls, IntUnaryOperator errorWhenFast) {
      this.name = name;
      this.slowCalls = slowCalls;
      this.error = errorWhenFast;
    }

    void count() {
      if (calls++ == 0) {
        begun.add(name);
      }
    }

    @Override
    public int applyAsInt(int value) {
      count();
      boolean fast = calls >= slowCalls;
      work(fast ? 10 : slowCalls == NEVER ? 5000 : 1000);
      return 2 * value + (fast ? error.applyAsInt(value) : 0);
    }
  }

  private static int plain(int value) {
    work(100);
    return 2 * value;
  }

  private static void work(int microseconds) {
    long end = System.nanoTime() + 1000L * microseconds;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** Calls the function with one number, usually 16. */
  private static final class OneCall implements Exercise<IntUnaryOperator> {
    private final float[] output = new float[1];
    private int input = 16;

    @Override
    public void usual() {
      input = 16;
    }

    @Override
    public void fresh(Random random) {
      input = 1 + random.nextInt(40);
    }

    @Override
    public void run(IntUnaryOperator function) {
      output[0] = function.applyAsInt(input);
    }

    @Override
    public float[] output() {
      return output;
    }

    @Override
    public boolean runEmpty(IntUnaryOperator function) {
      if (function instanceof Pretender pretender) {
        pretender.count();
      }
      return true;
    }
  }

  private Candidate<IntUnaryOperator> candidate(String name, long waiting, int slowCalls) {
    return candidate(waiting, new Pretender(name, slowCalls, value -> 0));
  }

  private static Candidate<IntUnaryOperator> candidate(long waiting, Pretender function) {
    KernelEntry<IntUnaryOperator> entry =
        KernelEntry.warming(function.name, KernelWarmUpTest::plain, function);
    entry.use(waiting);
    return new Candidate<>(entry, new OneCall());
  }

  private static KernelWarmUp warmUp(int mostPauses, Candidate<?>... candidates) {
    return new KernelWarmUp(() -> List.of(candidates), mostPauses);
  }

  private static List<State> states(Candidate<?>... candidates) {
    return List.of(candidates).stream().map(each -> each.entry().state()).toList();
  }

  @Test
  void mostNeededKernelComesFirstThenTheOrderOfTheList() {
    Candidate<?>[] all = {
      candidate("a", 0, 0), candidate("b", 10, 9000), candidate("c", 0, 0), candidate("d", 20, 0)
    };
    warmUp(MANY, all).run();
    assertThat(begun).containsExactly("d", "b", "a", "c");
    assertThat(states(all)).containsOnly(State.READY);
  }

  @Test
  void kernelThatNeverGetsFastDoesNotHoldUpTheOthers() throws InterruptedException {
    Candidate<IntUnaryOperator> slow = candidate("slow", 1, NEVER);
    Candidate<IntUnaryOperator> fast = candidate("fast", 0, 0);
    Thread thread = warmUp(5, slow, fast).start();
    while (fast.entry().state() != State.READY) {
      Thread.sleep(1);
    }
    assertThat(slow.entry().state()).isEqualTo(State.LATE);
    assertThat(slow.entry().use(1)).isSameAs(slow.entry().standIn());
    assertThat(thread.isAlive()).isTrue();
    thread.interrupt();
    thread.join();
  }

  @Test
  void kernelThatIsSlowAtFirstIsHandedOverLater() {
    // It gets about 8000 calls within 20 pauses, and 10 000 when it is tried again after a rest.
    Candidate<IntUnaryOperator> late = candidate("late", 1, 10_000);
    Candidate<IntUnaryOperator> fast = candidate("fast", 0, 0);
    List<String> said = said(() -> warmUp(20, late, fast).run());
    assertThat(states(late, fast)).containsOnly(State.READY);
    assertThat(said).last().isEqualTo("All kernels are compiled now.");
    assertThat(late.entry().use(1)).isSameAs(late.entry().function());
  }

  @Test
  void kernelThatIsWrongOnceItIsFastIsRefusedAndLogged() {
    Candidate<IntUnaryOperator> wrong = candidate(1, new Pretender("wrong", 5000, value -> 1));
    Candidate<IntUnaryOperator> other = candidate("other", 0, 0);
    // It is still right as long as it is slow.
    assertThat(wrong.isRight(new Random(1), 24)).isTrue();

    List<String> said = said(() -> warmUp(MANY, wrong, other).run());

    assertThat(states(wrong, other)).containsExactly(State.REFUSED, State.READY);
    assertThat(wrong.entry().use(1)).isSameAs(wrong.entry().standIn());
    assertThat(said)
        .singleElement()
        .asString()
        .contains("The kernel 'wrong' gives other results than plain Java", "please report this");
  }

  /** It was announced as late, and its refusal is the last word about it. */
  @Test
  void lateKernelThatIsWrongIsNotReportedAsCompiled() {
    Candidate<IntUnaryOperator> wrong = candidate(1, new Pretender("wrong", 10_000, value -> 1));
    List<String> said = said(() -> warmUp(20, wrong).run());
    assertThat(states(wrong)).containsExactly(State.REFUSED);
    assertThat(said).hasSize(2);
    assertThat(said.get(0)).contains("did not compile these kernels in good time", "wrong");
    assertThat(said.get(1)).contains("The kernel 'wrong' gives other results");
  }

  @Test
  void kernelThatIsWrongOnlyOnRemaindersIsRefused() {
    Pretender function = new Pretender("remainder", 100, value -> value % 16 == 5 ? 1 : 0);
    Candidate<IntUnaryOperator> wrong = candidate(1, function);
    warmUp(MANY, wrong).run();
    assertThat(wrong.entry().state()).isEqualTo(State.REFUSED);
  }

  private static List<String> said(Runnable work) {
    List<String> messages = Collections.synchronizedList(new ArrayList<>());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord message) {
            messages.add(message.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("ernie4j");
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
    }
    return messages;
  }
}
