// The player of a lesson: one that can be presented to a class.
import { Player } from "./player.js"
import { Presenter } from "./present.js"

export class Presentable extends Player {
  constructor(host) {
    super(host)
    this.presenter = new Presenter(this)
  }

  update(data) {
    super.update(data)
    this.presenter.heard()
  }
}
