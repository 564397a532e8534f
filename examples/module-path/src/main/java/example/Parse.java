package example;

import ernie4j.pipeline.JointSlu;

/** Intent and slots of a command, on the module path. */
public class Parse {
  public static void main(String[] arguments) throws Exception {
    JointSlu.Result result = JointSlu.bundled().parse("来一首周华健的花心");
    System.out.println(Parse.class.getModule() + ": " + result.intent());
    if (!Parse.class.getModule().isNamed() || !result.intent().equals("music.play")) {
      throw new IllegalStateException("not what was expected");
    }
  }
}
