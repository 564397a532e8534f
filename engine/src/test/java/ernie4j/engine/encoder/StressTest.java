package ernie4j.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Many callers, some of them interrupted, on executors that refuse, lose, delay, repeat and kill,
 * with encoders that are closed while they are used: every answer has the bits of one that was
 * computed alone, and no workspace has two users. A few seconds in each build, a minute on demand:
 *
 * <pre>
 * mvn -pl engine -am test -Dtest=StressTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dernie4j.stress-seconds=60
 * </pre>
 */
class StressTest {
  private static final int SECONDS = Integer.getInteger("ernie4j.stress-seconds", 3);
  private static final int CALLERS = 12;
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(60, 64, 2, 4, 256, 48);

  /** What an executor does with the tasks it is given. */
  private enum Executing {
    OWN_THREADS,
    HONEST,
    REFUSES,
    LOSES,
    LATE,
    TWICE,
    IN_THE_CALLER,
    KILLS,
    FAILS
  }

  private final ExecutorService pool = Executors.newFixedThreadPool(6);
  private volatile ExecutorService mortal = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final Set<EncoderWorkspace> used =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final Map<Executing, AtomicInteger> answers = new EnumMap<>(Executing.class);
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger interrupts = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger closedEncoders = new AtomicInteger();
  private final List<RaggedBatch> batches = new ArrayList<>();
  private final List<float[]> expected = new ArrayList<>();
  private volatile boolean over;
  private volatile Encoder current =
      Encoder.of(CONFIG, SmallModel.parameters(CONFIG, 3), Kernels.best());

  private static final class DyingException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private Executor executor(Executing how) {
    return task -> {
      boolean now = ThreadLocalRandom.current().nextInt(4) == 0;
      switch (how) {
        case REFUSES -> {
          if (now) {
            throw new RejectedExecutionException("full");
          }
          pool.execute(task);
        }
        case LOSES -> {
          if (!now) {
            pool.execute(task);
          }
        }
        case LATE ->
            pool.execute(
                () -> {
                  LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(3_000_000));
                  task.run();
                });
        case TWICE -> {
          pool.execute(task);
          pool.execute(task);
        }
        case IN_THE_CALLER -> task.run();
        case KILLS -> mortal.execute(task);
        case FAILS -> {
          if (now) {
            throw new DyingException();
          }
          pool.execute(task);
        }
        default -> pool.execute(task);
      }
    };
  }

  private Encoder encoder(Encoder weights, Executing how) {
    ExecutionOptions options =
        ExecutionOptions.defaults().withThreads(3).withMaxPasses(4).withMaxTokens(320);
    return weights.withExecution(
        how == Executing.OWN_THREADS
            ? options.withOwnThreads()
            : options.withExecutor(executor(how)));
  }

  @Test
  void answersStayRightUnderInterruptsClosingAndHostileExecutors() throws Exception {
    Encoder weights = current;
    Random random = new Random(1);
    for (int i = 0; i < 24; i++) {
      List<int[]> texts = new ArrayList<>();
      for (int j = random.nextInt(5); j >= 0; j--) {
        texts.add(random.ints(1 + random.nextInt(48), 1, 60).toArray());
      }
      batches.add(RaggedBatch.of(texts));
      expected.add(weights.forward(batches.get(i), StressTest::hidden));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    long share = TimeUnit.SECONDS.toNanos(SECONDS) / Executing.values().length;
    for (Executing how : Executing.values()) {
      answers.put(how, new AtomicInteger());
      stress(weights, how, Math.min(end, System.nanoTime() + share));
    }
    pool.shutdownNow();
    mortal.shutdownNow();
    assertThat(faults).isEmpty();
    assertThat(used).as("workspaces that were not given back").isEmpty();
    assertThat(answers.values()).allSatisfy(count -> assertThat(count.get()).isPositive());
    System.out.printf(
        "stress of %d s: right answers %s, %d interrupts, %d callers cancelled, %d failed with"
            + " their executor, %d encoders closed in use%n",
        SECONDS, answers, interrupts.get(), cancelled.get(), failed.get(), closedEncoders.get());
  }

  private void stress(Encoder weights, Executing how, long end) throws InterruptedException {
    current = encoder(weights, how);
    over = false;
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(() -> call(how), how + "-" + i);
      callers.add(caller);
      caller.start();
    }
    Random random = new Random(how.name().length());
    AtomicInteger answered = Objects.requireNonNull(answers.get(how));
    while ((System.nanoTime() < end || answered.get() == 0) && faults.isEmpty()) {
      Thread.sleep(3);
      callers.get(random.nextInt(CALLERS)).interrupt();
      if (random.nextInt(10) == 0) {
        Encoder old = current;
        current = encoder(weights, how);
        old.close();
        closedEncoders.incrementAndGet();
      }
      if (how == Executing.KILLS && random.nextInt(3) == 0) {
        ExecutorService dying = mortal;
        mortal = Executors.newCachedThreadPool();
        dying.shutdownNow();
      }
      if (current.workspaces().holdsOneInUse()) {
        faults.add(new AssertionError(how + ": the pool keeps a workspace that is in use"));
      }
    }
    over = true;
    for (Thread caller : callers) {
      caller.join(30_000);
      if (caller.isAlive()) {
        AssertionError stuck = new AssertionError(caller.getName() + " did not return");
        stuck.setStackTrace(caller.getStackTrace());
        faults.add(stuck);
      }
    }
    current.close();
  }

  private void call(Executing how) {
    while (!over && faults.isEmpty()) {
      int i = ThreadLocalRandom.current().nextInt(batches.size());
      Encoder encoder = current;
      try {
        float[] got = encoder.forward(batches.get(i), this::exclusively);
        if (!Arrays.equals(got, expected.get(i))) {
          faults.add(new AssertionError(how + ": wrong answer to batch " + i));
        }
        Objects.requireNonNull(answers.get(how)).incrementAndGet();
      } catch (CancellationException e) {
        cancelled.incrementAndGet();
      } catch (DyingException e) {
        failed.incrementAndGet();
        if (how != Executing.FAILS) {
          faults.add(e);
        }
      } catch (IllegalStateException e) {
        boolean closed = encoder != current && String.valueOf(e.getMessage()).contains("closed");
        if (!closed) {
          faults.add(e);
        }
      } catch (RuntimeException | Error e) {
        faults.add(e);
      }
      boolean interrupted = Thread.interrupted(); // and calls again
      interrupts.addAndGet(interrupted ? 1 : 0);
    }
  }

  private float[] exclusively(EncoderWorkspace states) {
    if (!used.add(states)) {
      faults.add(new AssertionError("a workspace has two users"));
    }
    float[] copy = hidden(states);
    used.remove(states);
    return copy;
  }

  private static float[] hidden(EncoderWorkspace states) {
    return Arrays.copyOf(states.hidden(), states.batch().tokens() * states.hiddenSize());
  }
}
