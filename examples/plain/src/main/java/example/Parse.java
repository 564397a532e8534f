package example;

import ernie4j.pipeline.JointSlu;

/** Intent and slots of a command, with the bundled model. */
public class Parse {
  public static void main(String[] arguments) throws Exception {
    JointSlu.Result result = JointSlu.bundled().parse("来一首周华健的花心");
    System.out.println(result.intent());
    result.slots().forEach(slot -> System.out.println(slot.type() + ": " + slot.text()));
  }
}
