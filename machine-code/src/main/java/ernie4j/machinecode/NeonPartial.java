package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;

import ernie4j.machinecode.aarch64.Assembler;
import ernie4j.machinecode.aarch64.Gpr;
import ernie4j.machinecode.aarch64.Vector;
import ernie4j.machinecode.assembler.Label;

/**
 * Loads and stores the first lanes of a vector without touching memory beyond them. NEON has no
 * masks, so the code tests the bits of the number of lanes.
 *
 * @param lanes a register with the number of lanes: 1, 2 or 3
 * @param scratch a register that is overwritten
 */
record NeonPartial(Assembler code, Gpr lanes, Gpr scratch) {
  /** Loads the first lanes and sets the others to zero. */
  void load(Vector to, Gpr base, int offset) {
    forEachPart(
        base,
        offset,
        () -> code.ldrD(to, at(scratch)),
        () -> code.ld1S(to, 2, scratch),
        () -> code.ldrS(to, at(scratch)));
  }

  void store(Vector from, Gpr base, int offset) {
    forEachPart(
        base,
        offset,
        () -> code.strD(from, at(scratch)),
        () -> code.st1S(from, 2, scratch),
        () -> code.strS(from, at(scratch)));
  }

  /**
   * @param two moves the first two lanes
   * @param third moves the third lane
   * @param one moves the first lane
   */
  private void forEachPart(Gpr base, int offset, Runnable two, Runnable third, Runnable one) {
    Label single = new Label();
    Label done = new Label();
    code.add(scratch, base, offset);
    code.tbz(lanes, 1, single);
    two.run();
    code.tbz(lanes, 0, done);
    code.add(scratch, scratch, 2 * Float.BYTES);
    third.run();
    code.b(done);
    code.bind(single);
    one.run();
    code.bind(done);
  }
}
