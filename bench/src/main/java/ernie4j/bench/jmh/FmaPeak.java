package ernie4j.bench.jmh;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The most that one core can do: fused multiply-adds on twelve registers that do not depend on each
 * other, no memory access. Twelve hide the latency (4 cycles, 2 units) and fit sixteen registers
 * together with the two operands.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int REPEATS = 1000;
  private static final int REGISTERS = 12;

  private float factor = 0.999f;
  private float summand = 0.001f;

  /** The additions and multiplications of one call. */
  static double flopsPerCall() {
    return 2.0 * REGISTERS * SPECIES.length() * REPEATS;
  }

  /** Twelve thousand multiply-adds of vectors. */
  @Benchmark
  public float fma() {
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector s = FloatVector.broadcast(SPECIES, summand);
    FloatVector a = f;
    FloatVector b = s;
    FloatVector c = f.add(1f);
    FloatVector d = f.add(2f);
    FloatVector e = f.add(3f);
    FloatVector g = f.add(4f);
    FloatVector h = s.add(1f);
    FloatVector i = s.add(2f);
    FloatVector j = s.add(3f);
    FloatVector k = s.add(4f);
    FloatVector l = f.add(5f);
    FloatVector m = s.add(5f);
    for (int n = 0; n < REPEATS; n++) {
      a = a.fma(f, s);
      b = b.fma(f, s);
      c = c.fma(f, s);
      d = d.fma(f, s);
      e = e.fma(f, s);
      g = g.fma(f, s);
      h = h.fma(f, s);
      i = i.fma(f, s);
      j = j.fma(f, s);
      k = k.fma(f, s);
      l = l.fma(f, s);
      m = m.fma(f, s);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(g).add(h).add(i).add(j).add(k).add(l);
    return sum.add(m).reduceLanes(VectorOperators.ADD);
  }
}
