package io.sfumato.privacy.report;

import java.util.ArrayList;
import java.util.List;

/** Where an axis is labelled: round numbers, no closer than they can be read. */
final class Ticks {
  private static final int ROOM = 62;

  private Ticks() {}

  /** @param pixels length of the axis */
  static List<Double> of(Chart.Axis axis, int pixels) {
    int most = Math.max(2, pixels / ROOM);
    return axis.log() ? powers(axis, most) : steps(axis, most);
  }

  private static List<Double> powers(Chart.Axis axis, int most) {
    int from = (int) Math.ceil(Math.log10(axis.low()) - 1e-9);
    int to = (int) Math.floor(Math.log10(axis.high()) + 1e-9);
    if (to - from < 2) {
      List<Double> ticks = new ArrayList<>();
      for (int power = from - 1; power <= to; power++) {
        for (int digit : new int[]{1, 2, 5}) {
          double tick = digit * Math.pow(10, power);
          if (tick >= axis.low() * (1 - 1e-9) && tick <= axis.high() * (1 + 1e-9)) {
            ticks.add(tick);
          }
        }
      }
      return ticks;
    }
    int stride = Math.max(1, Math.ceilDiv(to - from + 1, most));
    List<Double> ticks = new ArrayList<>();
    for (int power = to; power >= from; power -= stride) {
      ticks.addFirst(Math.pow(10, power));
    }
    return ticks;
  }

  private static List<Double> steps(Chart.Axis axis, int most) {
    double raw = (axis.high() - axis.low()) / most;
    double unit = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = unit * 10;
    for (double round : new double[]{1, 2, 2.5, 5}) {
      if (round * unit >= raw) {
        step = round * unit;
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(axis.low() / step - 1e-9); i * step <= axis.high() + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
